import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { calling, createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { MortalLife } from "../../test/fakes/mortal-store.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { AppError } from "../errors.ts";
import { noUsage, type ProviderEvent, type ProviderRequest } from "../providers/provider.ts";
import { getGroup } from "../store/groups.ts";
import { toMessageId } from "../store/ids.ts";
import { listMessages, redriveMessage } from "../store/messages.ts";
import { tellStory } from "./message-story.ts";

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
  meet: (() => readonly ProviderEvent[]) | undefined,
  script?: (request: ProviderRequest) => readonly ProviderEvent[],
) {
  const platform = new MemoryPlatform({ authenticatesSenders: true, isIdempotent: true });
  const clock = new VirtualClock();
  const answer = (request: ProviderRequest): readonly ProviderEvent[] =>
    meet !== undefined && JSON.stringify(request.messages).includes("poison")
      ? meet()
      : saying(`re: ${open(request).join(" ")}`);
  const provider = createAnsweringProvider([script ?? answer]);
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

/** A model that calls a tool before it answers, unless it hears or sees that it was called; then poison is what it meets. */
function createActing(meet: () => readonly ProviderEvent[], title = "$ echo x") {
  const acting = {
    calls: 0,
    told: [] as string[],
    script: (request: ProviderRequest): readonly ProviderEvent[] => {
      const all = JSON.stringify(request.messages);
      if (all.includes("had called the tools below")) acting.told.push(all);
      const hasActed = request.messages.some(({ role }) => role === "tool") || all.includes("shell");
      if (!hasActed) {
        acting.calls++;
        const command = title.replace("$ ", "");
        return calling({ id: `a${acting.calls}`, name: "shell", arguments: JSON.stringify({ command }) });
      }
      return all.includes("poison") ? meet() : saying(`re: ${open(request).join(" ")}`);
    },
  };
  return acting;
}

test("messages whose turn had called a tool are asked each by itself too, told of the call, and it is made once", async () => {
  const model = createActing(() => failing);
  await using world = await openBench(undefined, model.script);
  const { bench, platform } = world;
  await bench.start();
  await world.deliver("one", "poison", "two");
  await platform.waitForReplies(3);
  expect(await world.states()).toEqual(["answered", "failed", "answered"]);
  expect(platform.textsOf("c1").at(-1)).toBe("re: two");
  expect(model.calls).toBe(1);
  expect(model.told[0]).toContain(String.raw`- shell \"$ echo x\": done`);
  // It stands where the words of whoever asked do not: it is no address or word that he named.
  expect(model.told[0]).toContain("<context");
});

test("switched off: who is not told what was done does it again", async () => {
  const model = createActing(() => failing);
  await using world = await openBench(undefined, model.script);
  const { bench, platform } = world;
  await bench.store.database.transaction((tx) =>
    tx.run(`CREATE TRIGGER forgets AFTER UPDATE OF replaced_by ON turns BEGIN
      DELETE FROM journal WHERE turn_id = new.id; END`),
  );
  await bench.start();
  await world.deliver("one", "poison", "two");
  await platform.waitForReplies(3);
  expect(model.calls).toBe(2);
});

test("where the call itself is what no turn comes past, one message fails over it, and the next hears its name alone", async () => {
  const model = createActing(() => failing, "$ echo poison");
  await using world = await openBench(undefined, model.script);
  const { bench, platform } = world;
  await bench.start();
  await world.deliver("one", "two", "three");
  await platform.waitForReplies(3);
  expect(await world.states()).toEqual(["failed", "answered", "answered"]);
  expect(model.calls).toBe(1);
});

test("a turn that failed after its calls stands in no way of what is said next, which hears of them", async () => {
  const model = createActing(() => failing);
  await using world = await openBench(undefined, model.script);
  const { bench, platform } = world;
  await bench.start();
  await platform.deliver({ text: "poison" });
  await platform.waitForReplies(1);
  await platform.deliver({ text: "next" });
  await platform.waitForReplies(2);
  expect(platform.textsOf("c1").at(-1)).toBe("re: next");
  expect(model.calls).toBe(1);
  expect(model.told).not.toBeEmpty();
});

test("switched off: what is shown again makes the next message fail", async () => {
  await using world = await openBench(() => failing);
  const { bench, platform } = world;
  await bench.start();
  await platform.deliver({ text: "poison" });
  await platform.waitForReplies(1);
  await platform.deliver({ text: "next" });
  await platform.waitForReplies(2);
  expect((await world.states()).at(-1)).toBe("answered");
  await bench.store.database.transaction((tx) =>
    tx.run("UPDATE turns SET replaced_by = NULL, state = 'done' WHERE replaced_by = id"),
  );
  await platform.deliver({ text: "third" });
  await platform.waitForReplies(3);
  expect((await world.states()).at(-1)).toBe("failed");
});

/** Starts it again after each death, until all have their reply. Returns how often it died. */
async function liveOn(
  { bench, platform, deliver }: Awaited<ReturnType<typeof openBench>>,
  next: () => MortalLife,
): Promise<number> {
  let life = next();
  await bench.start(life);
  await deliver("one", "poison", "two");
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
    life = next();
    await bench.start(life);
  }
  return deaths;
}

/** A program that ends over what `meet` is asked for. */
function createMortal() {
  let life = new MortalLife(Number.POSITIVE_INFINITY);
  return {
    next: () => (life = new MortalLife(Number.POSITIVE_INFINITY)),
    meet: (): readonly ProviderEvent[] => {
      life.end();
      return [];
    },
  };
}

const setAside = expect.stringContaining("set your message aside");

test("a message over which the program ends is set aside alone after three deaths", async () => {
  const mortal = createMortal();
  await using world = await openBench(mortal.meet);
  expect(await liveOn(world, mortal.next)).toBe(3);
  expect(world.platform.textsOf("c1")).toEqual(["re: one", setAside, "re: two"]);
  expect(await world.states()).toEqual(["answered", "dead", "answered"]);
});

test("also where the turns that ended with it had called a tool, which is called once", async () => {
  const mortal = createMortal();
  const model = createActing(mortal.meet);
  await using world = await openBench(undefined, model.script);
  expect(await liveOn(world, mortal.next)).toBe(3);
  expect(world.platform.textsOf("c1")).toEqual(["re: one", setAside, "re: two"]);
  expect(await world.states()).toEqual(["answered", "dead", "answered"]);
  expect(model.calls).toBe(1);
  // Of each of its deaths it can be told what was being done.
  const { chapters = [] } = (await tellStory(world.bench.store.database, toMessageId(2))) ?? {};
  expect(chapters.filter(({ text }) => text.endsWith("ended, interrupted"))).toHaveLength(3);
  expect(chapters.map(({ text }) => text).join()).toContain("$ echo x");
});

test("switched off: those that came with it are set aside as well", async () => {
  const mortal = createMortal();
  await using world = await openBench(mortal.meet);
  await world.bench.store.database.transaction((tx) =>
    tx.run("CREATE TRIGGER keeps BEFORE UPDATE OF replaced_by ON turns BEGIN SELECT raise(IGNORE); END"),
  );
  expect(await liveOn(world, mortal.next)).toBe(3);
  expect(world.platform.textsOf("c1")).toEqual([setAside, setAside, setAside]);
  expect(await world.states()).toEqual(["dead", "dead", "dead"]);
});
