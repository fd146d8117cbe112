import { expect, test } from "bun:test";
import { ChatBench, type ChatBenchOptions } from "../../test/fakes/chat-bench.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import type { IncomingMessage } from "../channels/channel.ts";
import { writeGroupSettings } from "../store/group-settings.ts";

const minute = 60_000;

/** `f1` is the family's chat, where Ben and the robot Rob are members and every message counts. */
async function open(rates: ChatBenchOptions["rates"], budget?: ChatBenchOptions["budget"]) {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider(
    Array.from({ length: 100 }, (_, index) => saying(`answer ${index}`)),
  );
  const bench = await ChatBench.open({ provider, platform, clock, rates, budget });
  await bench.start();
  const family = await bench.addGroup("family");
  await bench.bind("f1", family);
  await bench.know("ben", "member", "family");
  await bench.know("rob", "member", "family");
  const settings = {
    triggerMode: "always",
    triggerName: "Andy",
    greeting: undefined,
    style: undefined,
  } as const;
  await bench.store.database.transaction((tx) => writeGroupSettings(tx, family.id, settings));
  // The owner has a chat where he is told what nobody asked.
  await platform.deliver({ text: "hi" });
  await platform.waitForReplies(1);
  const write = async (sender: string, more: Partial<IncomingMessage> = {}): Promise<string> => {
    const count = platform.seen.length;
    const message = { chat: "f1", isPrivate: false, sender: { id: sender }, text: "hm?", ...more };
    const { type } = await platform.deliver(message);
    if (type === "accepted") await platform.waitForReplies(count + 1);
    await settleAll();
    return type;
  };
  return {
    platform,
    clock,
    provider,
    bench,
    write,
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("who writes faster than the limit is told once and declined; a minute later he is answered, and the owner always", async () => {
  await using at = await open({ personMessagesPerMinute: 3 });
  const { platform, clock, write } = at;
  const types: string[] = [];
  for (let round = 0; round < 8; round++) {
    types.push(await write("ben"));
    await clock.advance(5000);
  }
  expect(types).toEqual([...Array(3).fill("accepted"), ...Array(5).fill("declined")]);
  const notices = platform.textsOf("f1").filter((text) => text.includes("3 messages in a minute"));
  expect([notices.length, platform.textsOf("f1").length]).toEqual([1, 4]);
  for (let round = 0; round < 6; round++) expect(await write("anna")).toBe("accepted");
  await clock.advance(minute);
  expect(await write("ben")).toBe("accepted");
  expect(await at.bench.messages()).toContainEqual([
    "declined",
    "more than 3 messages of this person in a minute",
  ]);
});

test("without the limit a flood would be answered, each message of it", async () => {
  await using at = await open({ personMessagesPerMinute: 10_000 });
  for (let round = 0; round < 30; round++) {
    expect(await at.write("ben")).toBe("accepted");
    await at.clock.advance(1600);
  }
  expect(at.platform.textsOf("f1")).toHaveLength(30);
});

test("a person and a group have their day, and the next one begins at midnight", async () => {
  await using at = await open({ personMessagesPerDay: 2, groupTurnsPerDay: 3 });
  const { platform, clock, write } = at;
  const types: string[] = [];
  for (const sender of ["ben", "ben", "ben", "rob", "rob", "anna"]) {
    await clock.advance(2 * minute);
    types.push(await write(sender));
  }
  expect(types).toEqual(["accepted", "accepted", "declined", "accepted", "declined", "accepted"]);
  expect(
    platform.textsOf("f1").filter((text) => /asked me 2 times|answered 3 times/.test(text)),
  ).toHaveLength(2);
  await clock.advance(24 * 60 * minute);
  expect(await write("ben")).toBe("accepted");
});

test("programs that answer each other stop after three rounds, and go on when a person has written", async () => {
  await using at = await open({});
  const { platform, clock, write } = at;
  const types: string[] = [];
  for (let round = 0; round < 6; round++) {
    await clock.advance(10_000);
    types.push(await write("rob", { isFromBot: true }));
  }
  expect(types).toEqual([...Array(3).fill("accepted"), ...Array(3).fill("declined")]);
  expect(platform.textsOf("f1")).toHaveLength(3);
  expect(platform.textsOf("c1").filter((text) => text.includes("a program and I"))).toHaveLength(1);
  expect(await write("ben")).toBe("accepted");
  await clock.advance(10_000);
  expect(await write("rob", { isFromBot: true })).toBe("accepted");
});

test("one who answers at once, time after time, is a program whatever its platform says; a quick person is not", async () => {
  await using at = await open({ personMessagesPerMinute: 1000 });
  const { clock, write } = at;
  const types: string[] = [];
  for (let round = 0; round < 7; round++) {
    types.push(await write("rob"));
    await clock.advance(200);
  }
  expect(types).toEqual([...Array(4).fill("accepted"), ...Array(3).fill("declined")]);
  await clock.advance(minute);
  for (let round = 0; round < 10; round++) {
    expect(await write("ben")).toBe("accepted");
    await clock.advance(round % 3 === 0 ? 4000 : 300);
  }
});

test("a group whose day is used up is told once, and the model is asked no more; main goes on", async () => {
  await using at = await open({ personMessagesPerMinute: 1000 }, { groupTokensPerDay: 1 });
  const { platform, provider, clock, write } = at;
  expect(await write("ben")).toBe("accepted");
  const asked = provider.requests.length;
  expect(await write("ben")).toBe("accepted");
  for (let round = 0; round < 2; round++) {
    await platform.deliver({ chat: "f1", isPrivate: false, sender: { id: "ben" }, text: "hm?" });
    await clock.advance(5000);
    await settleAll();
  }
  expect(provider.requests.length).toBe(asked);
  const told = platform.textsOf("f1").filter((text) => text.includes("The group family has used up its day"));
  expect(told).toHaveLength(1);
  const count = platform.seen.length;
  await platform.deliver({ text: "and here?" });
  await platform.waitForReplies(count + 1);
  expect(provider.requests.length).toBe(asked + 1);
  const isOpen = async (): Promise<boolean> =>
    (await at.bench.messages()).some(([state]) => state === "received" || state === "claimed");
  while (await isOpen()) await settleAll();
  const reasons = await at.bench.messages();
  const states = reasons.filter(([, reason]) => String(reason).includes("used up its day"));
  expect(states.map(([state]) => state)).toEqual(["declined", "declined", "declined"]);
});
