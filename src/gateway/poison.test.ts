import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { MortalLife } from "../../test/fakes/mortal-store.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { AppError } from "../errors.ts";
import { noUsage, type ProviderEvent, type ProviderRequest } from "../providers/provider.ts";
import { getGroup } from "../store/groups.ts";
import { listMessages, redriveMessage } from "../store/messages.ts";

const failing: readonly ProviderEvent[] = [
  {
    type: "error",
    usage: noUsage,
    error: { class: "bad-request", wasCut: false, message: "The model refused the request (400)." },
  },
];

/** All that people have said since the model spoke last. */
function open({ messages }: ProviderRequest): string[] {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages
    .slice(last + 1)
    .flatMap((message) =>
      message.role === "user"
        ? message.content.flatMap((part) => (part.type === "text" ? part.text.split("\n\n") : []))
        : [],
    )
    .filter((text) => /^[a-z]+$/.test(text));
}

/** What the model does when it is shown what always goes wrong, and what it says when it is not. */
async function openBench(
  meet: () => readonly ProviderEvent[],
  answer?: (words: string[]) => readonly ProviderEvent[],
) {
  const platform = new MemoryPlatform({ authenticatesSenders: true, isIdempotent: true });
  const clock = new VirtualClock();
  const provider = createAnsweringProvider([
    (request) =>
      JSON.stringify(request.messages).includes("poison")
        ? meet()
        : (answer ?? ((words) => saying(`re: ${words.join(" ")}`)))(open(request)),
  ]);
  const bench = await ChatBench.open({ provider, platform, clock });
  return {
    bench,
    platform,
    provider,
    clock,
    /** They wait together: nothing begins before all of them are there. */
    async deliver(...texts: readonly string[]): Promise<void> {
      const group = await getGroup(bench.store.database, "main");
      await bench.gateway.queue.stop(group.id, new AppError("cancelled", "Held."), async () => {
        for (const text of texts) await platform.deliver({ text });
      });
    },
    states: async () => (await bench.messages()).map(([state]) => state),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

test("one message that always makes its turn fail fails alone; those beside and behind it are answered, in their order", async () => {
  await using world = await openBench(() => failing);
  const { bench, platform } = world;
  await bench.start();
  await world.deliver("one", "poison", "two");
  await platform.waitForReplies(3);
  expect(platform.textsOf("c1")).toEqual([
    "re: one",
    expect.stringContaining("I could not answer."),
    "re: two",
  ]);
  expect(await world.states()).toEqual(["answered", "failed", "answered"]);
  // Nor is anything that is said later shown to the model beside it.
  await platform.deliver({ text: "three" });
  await platform.waitForReplies(4);
  expect(platform.textsOf("c1").at(-1)).toBe("re: three");
  const dead = await listMessages(bench.store.database, { onlyDead: true, limit: 9 });
  expect(dead.map(({ body }) => body.text)).toEqual(["poison"]);
});

test("sent again it is asked anew, and answered once the model takes it", async () => {
  let isMended = false;
  await using world = await openBench(() => (isMended ? saying("Now it works.") : failing));
  const { bench, platform } = world;
  await bench.start();
  await world.deliver("one", "poison");
  await platform.waitForReplies(2);
  const [dead] = await listMessages(bench.store.database, { onlyDead: true, limit: 9 });
  if (dead?.group === undefined) throw new Error("it was not set aside");
  isMended = true;
  await bench.store.database.transaction((tx) => redriveMessage(tx, dead.id));
  bench.gateway.wake(dead.group);
  await platform.waitForReplies(3);
  expect(platform.textsOf("c1").at(-1)).toBe("Now it works.");
  expect(await world.states()).toEqual(["answered", "answered"]);
});

test("what failed once stands in no way of what is said next", async () => {
  await using world = await openBench(() => failing);
  const { bench, platform } = world;
  await bench.start();
  await platform.deliver({ text: "poison" });
  await platform.waitForReplies(1);
  await platform.deliver({ text: "next" });
  await platform.waitForReplies(2);
  expect(platform.textsOf("c1").at(-1)).toBe("re: next");
});

test("a turn that has done something is not done again for each of them", async () => {
  await using world = await openBench(
    () => failing,
    () => calling({ id: "a", name: "shell", arguments: '{"command":"echo poison"}' }),
  );
  const { bench, platform, provider } = world;
  await bench.start();
  await world.deliver("one", "two");
  await platform.waitForReplies(1);
  await settleAll();
  expect(await world.states()).toEqual(["failed", "failed"]);
  expect(provider.requests).toHaveLength(2);
});

test("a message over which the program ends is set aside alone after three deaths", async () => {
  let life = new MortalLife(Number.POSITIVE_INFINITY);
  await using world = await openBench(() => {
    life.end();
    return [];
  });
  const { bench, platform } = world;
  await bench.start(life);
  await world.deliver("one", "poison", "two");
  let deaths = 0;
  while (platform.seen.length < 3 && deaths < 6) {
    const isOver = await Promise.race([
      life.death.then(() => false),
      platform.waitForReplies(3).then(() => true),
    ]);
    if (isOver) break;
    deaths++;
    await settleAll();
    await bench.bury();
    life = new MortalLife(Number.POSITIVE_INFINITY);
    await bench.start(life);
  }
  expect(platform.textsOf("c1")).toEqual([
    "re: one",
    expect.stringContaining("set your message aside"),
    "re: two",
  ]);
  expect([deaths, await world.states()]).toEqual([3, ["answered", "dead", "answered"]]);
});
