import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { HeldProvider } from "../../test/fakes/held-provider.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform, type PlatformOptions } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import type { Provider, ProviderEvent } from "../providers/provider.ts";
import { noUsage } from "../providers/provider.ts";

const minute = 60_000;
const family = { chat: "f1", isPrivate: false, sender: { id: "ben" } };

const deadKey: readonly ProviderEvent[] = [
  {
    type: "error",
    usage: noUsage,
    error: { class: "auth", message: "The key is wrong.", wasCut: false },
  },
];

interface Options {
  readonly provider?: Provider;
  readonly first?: PlatformOptions;
  readonly second?: PlatformOptions;
}

/** Two platforms, on both of which the owner has written in private: last on the one named `second`. */
async function open({ provider, first, second }: Options = {}) {
  const platform = new MemoryPlatform({ authenticatesSenders: true, ...first });
  const other = new MemoryPlatform({ name: "second", authenticatesSenders: true, ...second });
  const clock = new VirtualClock();
  const bench = await ChatBench.open({
    provider: provider ?? createAnsweringProvider([saying("ok")]),
    platform,
    others: [other],
    clock,
  });
  await bench.know("anna", "owner", "main", "second");
  await bench.bind("f1", await bench.addGroup("family"));
  await bench.know("ben", "member", "family");
  await bench.start();
  // `/stop` asks no model.
  await platform.deliver({ text: "/stop" });
  clock.jump(1000);
  await other.deliver({ text: "/stop" });
  await platform.waitForReplies(1);
  await other.waitForReplies(1);
  await settleAll();
  /** What the owner was told since, and where. */
  const told = (): readonly string[] => [
    ...platform.textsOf("c1").slice(1),
    ...other
      .textsOf("c1")
      .slice(1)
      .map((text) => `second: ${text}`),
  ];
  return {
    platform,
    other,
    clock,
    bench,
    told,
    /** Once that many have come: the disk knows no virtual time. More of them would have come by then. */
    async tells(count: number): Promise<readonly string[]> {
      while (told().length < count) await settleAll();
      await settleAll();
      return told();
    },
    problems: async () => {
      const { problems } = await bench.gateway.health();
      return problems;
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("a channel that is down for ten minutes is told once over another, and once when it is back", async () => {
  await using world = await open();
  const { other, clock, told, problems, tells } = world;
  other.isAway = true;
  other.disconnect();
  await clock.advance(9 * minute);
  expect(told()).toEqual([]);
  await clock.advance(60 * minute);
  expect(await tells(1)).toEqual(["The channel second has been down since 12:00: nobody answers"]);
  expect(await problems()).toEqual(["second: nobody answers"]);
  other.isAway = false;
  await clock.advance(2 * minute);
  expect(await tells(2)).toEqual([
    "The channel second has been down since 12:00: nobody answers",
    expect.stringMatching(
      /^second: The channel second is connected again; it was down from 12:00 to 13:\d\d\.$/,
    ),
  ]);
  expect(await problems()).toEqual([]);
});

test("a channel that is lost for nine minutes is nobody's business", async () => {
  await using world = await open();
  const { other, clock, told } = world;
  other.isAway = true;
  other.disconnect();
  await clock.advance(9 * minute);
  other.isAway = false;
  await clock.advance(60 * minute);
  expect(told()).toEqual([]);
});

test("where no channel works it waits, and is told as a whole by the first that does", async () => {
  await using world = await open();
  const { platform, other, clock, told, tells } = world;
  for (const each of [platform, other]) {
    each.isAway = true;
    each.disconnect();
  }
  await clock.advance(30 * minute);
  expect(told()).toEqual([]);
  platform.isAway = false;
  await clock.advance(2 * minute);
  const [first = "", second = ""] = await tells(2);
  expect(told()).toHaveLength(2);
  expect([first, second].toSorted()).toEqual([
    expect.stringMatching(
      /^The channel memory has been down since 12:00: nobody answers\n\nThe channel memory is/,
    ),
    "The channel second has been down since 12:00: nobody answers",
  ]);
});

test("a restart repeats nothing, and tells what has become well meanwhile", async () => {
  await using world = await open();
  const { other, clock, told, bench, tells } = world;
  other.isAway = true;
  other.disconnect();
  await clock.advance(11 * minute);
  for (let start = 0; start < 3; start++) {
    await bench.stop();
    await bench.start();
    await clock.advance(11 * minute);
  }
  expect(await tells(1)).toHaveLength(1);
  await bench.stop();
  other.isAway = false;
  await bench.start();
  await clock.advance(minute);
  expect(await tells(2)).toEqual([told()[0] ?? "", expect.stringContaining("is connected again")]);
});

test("a key that no longer works in a group is told main once, and once when the model answers again", async () => {
  const provider = createAnsweringProvider([deadKey, deadKey, deadKey, saying("here"), saying("here")]);
  await using world = await open({ provider });
  const { platform, clock, problems, tells } = world;
  for (let times = 1; times <= 3; times++) {
    await platform.deliver({ ...family, text: "@Andy hi" });
    await platform.waitForReplies(1 + times);
    await settleAll();
    // Who answered at once each time would count as a program.
    await clock.advance(2000);
  }
  expect(await tells(1)).toEqual(["second: The key is wrong."]);
  expect(await problems()).toEqual(["The key is wrong."]);
  for (let times = 1; times <= 2; times++) {
    await platform.deliver({ ...family, text: "@Andy hi" });
    await platform.waitForReplies(4 + times);
    await settleAll();
    await clock.advance(2000);
  }
  expect(await tells(2)).toEqual([
    "second: The key is wrong.",
    "second: The model answers again; it did not from 12:00 to 12:00.",
  ]);
  expect(await problems()).toEqual([]);
});

test("what the owner was told in passing he is not told twice", async () => {
  await using world = await open({ provider: createAnsweringProvider([deadKey, deadKey]) });
  const { platform, tells } = world;
  for (let times = 1; times <= 2; times++) {
    await platform.deliver({ text: "hi" });
    await platform.waitForReplies(1 + times);
    await settleAll();
  }
  expect(await tells(2)).toEqual(Array.from({ length: 2 }, () => "I could not answer. The key is wrong."));
});

test("a chat that gets no replies is told once, and once when they arrive again", async () => {
  let isBlocked = true;
  await using world = await open({
    provider: createAnsweringProvider(Array.from({ length: 3 }, () => saying("for the family"))),
    first: {
      fate: (_, chat) =>
        chat === "f1" && isBlocked ? { type: "refused", reason: "I was removed" } : undefined,
    },
  });
  const { platform, clock, problems, tells } = world;
  for (let times = 0; times < 2; times++) {
    await platform.deliver({ ...family, text: "@Andy hi" });
    await clock.advance(minute);
  }
  expect(await tells(1)).toEqual(["second: A reply to memory f1 could not be delivered: I was removed"]);
  expect(await problems()).toEqual(["A reply to memory f1 could not be delivered: I was removed"]);
  isBlocked = false;
  await platform.deliver({ ...family, text: "@Andy hi" });
  await platform.waitForReplies(2);
  await clock.advance(minute);
  expect((await tells(2))[1]).toMatch(
    /^second: Replies to memory f1 arrive again; they did not from 12:0\d to 12:0\d\.$/,
  );
});

test("a notice that the owner's chat refuses is told in another of his, and never goes round in a circle", async () => {
  const refuse = { fate: () => ({ type: "refused", reason: "blocked" }) as const };
  let hasStarted = false;
  await using world = await open({
    provider: createAnsweringProvider([deadKey]),
    second: { fate: () => (hasStarted ? refuse.fate() : undefined) },
  });
  hasStarted = true;
  const { platform, other, clock, tells } = world;
  await platform.deliver({ ...family, text: "@Andy hi" });
  await clock.advance(minute);
  expect((await tells(2)).toSorted()).toEqual([
    "A reply to second c1 could not be delivered: blocked",
    "The key is wrong.",
  ]);
  expect(other.sends.length).toBeLessThan(4);
});

test("a message of a group that is set aside is told main", async () => {
  const provider = new HeldProvider();
  await using world = await open({ provider });
  const { platform, bench, clock, tells } = world;
  await platform.deliver({ ...family, text: "@Andy poison" });
  await provider.waitForRequests(1);
  const { database } = bench.store;
  const stopped = bench.stop();
  await clock.advance(minute);
  await stopped;
  await database.transaction((tx) =>
    tx.run("UPDATE messages SET state = 'claimed', attempts = 3 WHERE state = 'received'"),
  );
  await bench.start();
  await clock.advance(minute);
  expect(await tells(1)).toEqual([
    "second: Message 3 of the group family was set aside: the program ended 3 times while it was at work on it.",
  ]);
});

test("a paused task is told by whoever pauses it, and waits for what is sent before it", async () => {
  await using world = await open();
  const { bench, clock, tells } = world;
  const { notices } = bench.gateway;
  const said = { message: "The task news is paused." };
  await Promise.all([1, 2].map(() => notices.raise({ kind: "task", id: 7, name: "news", said })));
  await clock.advance(minute);
  expect(await tells(1)).toEqual(["second: The task news is paused."]);
  await notices.settle("task", 7);
  await notices.settle("task", 7);
  await clock.advance(minute);
  expect((await tells(2))[1]).toBe("second: The task news goes on.");
});
