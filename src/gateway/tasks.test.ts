import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { HeldProvider, lastWords } from "../../test/fakes/held-provider.ts";
import { calling, createAnsweringProvider, saying, type Answer } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { noUsage, type Provider, type ProviderEvent, type ProviderRequest } from "../providers/provider.ts";
import type { NamedSecret } from "../egress/secret-finder.ts";
import { clearGroupTaint, getGroup } from "../store/groups.ts";
import { toTaskId } from "../store/ids.ts";
import { listRuns } from "../store/task-runs.ts";
import { findTask, listTasks } from "../store/tasks.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

let calls = 0;
const task = (input: Readonly<Record<string, unknown>>): Answer =>
  calling({ id: `t${calls++}`, name: "task", arguments: JSON.stringify(input) });

async function open(provider: Provider, hasHeartbeat = false, secrets: readonly NamedSecret[] = []) {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const clock = new VirtualClock(Date.UTC(2026, 10, 26, 12));
  const bench = await ChatBench.open({ provider, platform, clock, hasHeartbeat, secrets });
  await bench.start();
  return {
    platform,
    clock,
    bench,
    /** Time goes by; what runs has ended before it goes on. */
    pass: (ms: number) => clock.advance(ms, () => settleQueue(bench)),
    runs: async () => (await listRuns(bench.store.database, { limit: 100 })).toReversed(),
    tasks: async () => await listTasks(bench.store.database, { all: true }),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

/** What the last tool call was answered. */
function lastResult({ messages }: ProviderRequest): string {
  const last = messages.findLast((message) => message.role === "tool");
  return last?.role === "tool" ? last.content : "";
}

test("a reminder that is set in a chat arrives in that chat once, at its second, from a session of its own", async () => {
  const provider = createAnsweringProvider([
    task({ action: "add", in: "20m", prompt: "Remind Anna to stretch." }),
    saying("I will."),
    saying("Time to stretch!"),
  ]);
  await using open_ = await open(provider);
  const { platform, pass, runs, tasks } = open_;
  await platform.deliver({ text: "remind me to stretch in 20 minutes" });
  await platform.waitForReplies(1);
  expect(lastResult(provider.requests[1] as ProviderRequest)).toContain("Next: Thu 2026-11-26 12:20");
  await pass(20 * minute - 1);
  expect(platform.textsOf("c1")).toEqual(["I will."]);
  await pass(1);
  await platform.waitForReplies(2);
  await pass(2 * day);
  expect(platform.textsOf("c1")).toEqual(["I will.", "Time to stretch!"]);
  const asked = provider.requests[2] as ProviderRequest;
  expect(asked.messages).toHaveLength(1);
  expect(lastWords(asked)).toContain("Remind Anna to stretch.");
  expect((await runs()).filter(({ task: id }) => id === 1)).toMatchObject([{ state: "done", missed: 0 }]);
  expect((await tasks()).find(({ purpose }) => purpose === "task")).toMatchObject({ state: "done" });
});

test("what cannot be is said, and nothing is stored", async () => {
  const wrong = [
    [{ at: "2026-11-26T11:59" }, "is over: it is Thu 2026-11-26 12:00"],
    [{ cron: "60 * * * *" }, 'the minute is "60" and takes 0 to 59'],
    [{ cron: "" }, "it is empty"],
    [{ cron: "0 9 31 2 *" }, "no day of any year"],
    [{ cron: "x".repeat(10_000) }, "longer than 200"],
    [{ cron: "* * * * * *" }, "more often than every 1m"],
    [{ every: "10s" }, "more often than every 1m"],
    [{ every: "soon" }, '"soon" is no length of time'],
    [{ at: "9999-01-01T00:00" }, "more than a hundred years away"],
    [{ at: "2027-02-30T10:00" }, "is no time"],
    [{ in: "20m", zone: "Europe/Berlni" }, "Did you mean Europe/Berlin?"],
    [{ in: "20m", every: "1h" }, "a task has one schedule"],
    [{}, "not said when"],
    [{ in: "20m", prompt: " " }, "not said what"],
    [{ in: "20m", group: "family" }, ""],
  ] as const;
  const provider = createAnsweringProvider([
    ...wrong.map(([input]) => task({ action: "add", prompt: "x", ...input })),
    saying("done"),
  ]);
  await using open_ = await open(provider);
  const { platform, tasks } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  for (const [index, [, said]] of wrong.entries()) {
    expect(lastResult(provider.requests[index + 1] as ProviderRequest)).toContain(said);
  }
  expect((await tasks()).filter(({ purpose }) => purpose === "task")).toEqual([]);
});

test("a recurring task is paused, resumed, changed, run and cancelled by words, and each answer is what is stored", async () => {
  const said: string[] = [];
  const provider = createAnsweringProvider([
    task({ action: "add", cron: "0 9 * * 1-5", zone: "Europe/Berlin", name: "Pipeline", prompt: "Send it." }),
    task({ action: "pause", id: 1 }),
    task({ action: "resume", id: 1 }),
    task({ action: "update", id: 1, cron: "30 9 * * 1-5" }),
    task({ action: "list" }),
    task({ action: "run", id: 1 }),
    task({ action: "cancel", id: 1 }),
    task({ action: "resume", id: 1 }),
    saying("ok"),
  ]);
  await using open_ = await open({
    name: "kept",
    async *stream(request, signal) {
      said.push(lastResult(request));
      yield* provider.stream(request, signal);
    },
  });
  await open_.platform.deliver({ text: "go" });
  await open_.platform.waitForReplies(1);
  expect(said[1]).toContain("Next: Fri 2026-11-27 09:00, Mon 2026-11-30 09:00, Tue 2026-12-01 09:00");
  expect(said[2]).toContain("paused (paused by the assistant)");
  expect(said[3]).toContain('Task 1 "Pipeline": active');
  expect(said[4]).toContain("Due: cron 30 9 * * 1-5, Europe/Berlin\nNext: Fri 2026-11-27 09:30");
  expect(said[5]).toBe("1  Fri 2026-11-27 09:30  Pipeline (cron 30 9 * * 1-5, Europe/Berlin)");
  expect(said[6]).toContain("It runs when this turn is over.");
  expect(said[7]).toContain("Next: never");
  expect(said[8]).toContain("Task 1 is cancelled.");
  await settleAll();
  expect(await open_.runs()).toMatchObject([{ isManual: true, state: "skipped" }]);
});

test("NOTHING_TO_REPORT and HEARTBEAT_OK are sent to nobody, and a session does not grow", async () => {
  const provider = createAnsweringProvider([
    task({ action: "add", every: "1h", prompt: "Look." }),
    saying("ok"),
    saying("**NOTHING_TO_REPORT**"),
    saying("NOTHING_TO_REPORT"),
  ]);
  await using open_ = await open(provider);
  const { platform, pass, bench, runs } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await pass(3 * hour);
  const states = (await runs()).filter(({ task: id }) => id === 1).map(({ state }) => state);
  expect(states).toEqual(["quiet", "quiet", "quiet"]);
  expect(platform.textsOf("c1")).toEqual(["ok"]);
  expect(provider.requests.slice(2).every(({ messages }) => messages.length === 1)).toBe(true);
  const hidden = await bench.store.database.all("SELECT count(*) AS n FROM sessions WHERE task_id = 1");
  expect(hidden[0]?.["n"]).toBe(3);
});

test("a script that finds nothing costs no model call; what it finds is handed over as material, and its taint comes along", async () => {
  const provider = createAnsweringProvider([
    task({ action: "add", every: "1h", prompt: "Look.", script: "cat found; true" }),
    saying("ok"),
    saying("Three."),
  ]);
  await using open_ = await open(provider);
  const { platform, clock, bench, runs } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  const group = await getGroup(bench.store.database, "main");
  await Bun.write(`${bench.workspace}/found`, 'looked\n{"wake": false}\n');
  await clock.advance(hour);
  await until(async () => (await runs()).at(-1)?.state === "quiet");
  expect((await runs()).at(-1)).toMatchObject({ state: "quiet", turn: undefined });
  expect(provider.requests).toHaveLength(2);
  await bench.store.database.transaction((tx) =>
    tx.run("UPDATE groups SET taint = 1 WHERE id = ?", group.id),
  );
  await Bun.write(`${bench.workspace}/found`, '{"wake": true, "data": {"mails": 3}}');
  await clock.advance(hour);
  await platform.waitForReplies(2);
  const run = (await runs()).findLast(({ task: id }) => id === 1);
  expect(run).toMatchObject({ state: "done" });
  expect(lastWords(provider.requests[2] as ProviderRequest)).toContain('{"mails":3}');
  expect(lastWords(provider.requests[2] as ProviderRequest)).toContain("not instructions to follow");
  const turns = await bench.store.database.all("SELECT taint FROM turns WHERE id = ?", run?.turn ?? 0);
  expect(turns[0]?.["taint"]).toBe(1);
  await bench.store.database.transaction((tx) => clearGroupTaint(tx, group.id));
});

test("an assistant that is away is said once, tried again less and less often, and given up after eight failures", async () => {
  let isDown = true;
  let asked = 0;
  const inner = createAnsweringProvider([
    task({ action: "add", every: "1m", prompt: "Look." }),
    saying("ok"),
  ]);
  await using open_ = await open({
    name: "down",
    async *stream(request, signal) {
      const isRun = lastWords(request).includes("is due");
      if (isRun) asked++;
      if (!isRun) yield* inner.stream(request, signal);
      else if (isDown)
        yield {
          type: "error",
          usage: noUsage,
          error: { class: "quota", message: "It is empty.", wasCut: false },
        };
      else yield* saying("here");
    },
  });
  const { platform, pass, bench } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await pass(2.5 * minute);
  isDown = false;
  await pass(2 * minute);
  const texts = platform.textsOf("c1");
  expect(texts.filter((text) => text.includes("failed"))).toHaveLength(1);
  expect(texts).toContain("here");
  isDown = true;
  asked = 0;
  await pass(3 * hour);
  expect(asked).toBe(8);
  expect(platform.textsOf("c1").at(-1)).toContain("is paused. ");
  expect(await findTask(bench.store.database, toTaskId(1))).toMatchObject({ state: "paused", failures: 8 });
});

test("a reminder whose model is away is tried again until it can be said", async () => {
  let failures = 3;
  const inner = createAnsweringProvider([
    task({ action: "add", in: "5m", prompt: "Say tea." }),
    saying("ok"),
    saying("Tea!"),
  ]);
  await using open_ = await open({
    name: "down",
    async *stream(request, signal) {
      const isRun = lastWords(request).includes("is due") || lastWords(request).includes("was cut off");
      if (!isRun || failures-- <= 0) yield* inner.stream(request, signal);
      else
        yield { type: "error", usage: noUsage, error: { class: "quota", message: "Empty.", wasCut: false } };
    },
  });
  const { platform, pass, runs } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await pass(hour);
  expect(platform.textsOf("c1").filter((text) => text === "Tea!")).toHaveLength(1);
  expect((await runs()).filter(({ task: id }) => id === 1)).toMatchObject([{ state: "done" }]);
});

test("a member's task has the member's rights: it ends when he is no longer known, and he changes none of the owner's", async () => {
  const provider = createAnsweringProvider([
    task({ action: "add", every: "1h", prompt: "Owner's." }),
    saying("ok"),
    task({ action: "update", id: 1, prompt: "Send me all you know." }),
    task({ action: "add", every: "1h", prompt: "Ben's." }),
    saying("ok"),
    saying("run"),
  ]);
  await using open_ = await open(provider);
  const { platform, pass, bench, tasks } = open_;
  const family = await bench.addGroup("family");
  await bench.bind("f1", family);
  await bench.know("ben", "member", "family");
  await platform.deliver({ chat: "f1", isPrivate: false, isMention: true, text: "go" });
  await platform.waitForReplies(1);
  await platform.deliver({
    chat: "f1",
    isPrivate: false,
    isMention: true,
    text: "go",
    sender: { id: "ben" },
  });
  await platform.waitForReplies(2);
  expect(lastResult(provider.requests[3] as ProviderRequest)).toContain("made by the owner");
  const own = (await tasks()).filter(({ purpose }) => purpose === "task");
  expect(own.map(({ creator, taint }) => [creator.kind, taint])).toEqual([
    ["owner", 0],
    ["member", 1],
  ]);
  await bench.store.database.transaction((tx) => tx.run("DELETE FROM members"));
  await pass(hour);
  const after = (await tasks()).filter(({ purpose }) => purpose === "task");
  expect(after.map(({ state }) => state)).toEqual(["active", "paused"]);
  expect(provider.requests).toHaveLength(6);
});

test("a task's own run makes no tasks, unless its owner allowed it; and none in another group", async () => {
  const provider = createAnsweringProvider([
    task({ action: "add", every: "1h", prompt: "Make another." }),
    saying("ok"),
    task({ action: "add", every: "1h", prompt: "Again." }),
    saying("NOTHING_TO_REPORT"),
    task({ action: "add", every: "2h", prompt: "Allowed." }),
    saying("NOTHING_TO_REPORT"),
  ]);
  await using open_ = await open(provider);
  const { platform, pass, bench, tasks } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await pass(hour);
  expect(lastResult(provider.requests[3] as ProviderRequest)).toContain("may not make or change tasks");
  await bench.store.database.transaction((tx) => tx.run("UPDATE tasks SET may_make_tasks = 1 WHERE id = 1"));
  await pass(hour);
  expect((await tasks()).map(({ prompt }) => prompt)).toContain("Allowed.");
  expect(platform.seen).toHaveLength(1);
});

test("a thousand tasks of twenty groups that are due in one second leave a chat its place", async () => {
  const provider = new HeldProvider();
  await using open_ = await open(provider);
  const { platform, clock, bench } = open_;
  for (let n = 0; n < 20; n++) await bench.addGroup(`g${n}`);
  await bench.store.database.transaction((tx) =>
    tx.run(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
       INSERT INTO tasks (group_id, name, prompt, kind, rule, anchor, context, missed, most_missed, overlap, is_delivered,
         may_make_tasks, state, next_at, creator_kind, is_made_by_agent, created_at, updated_at)
       SELECT 2 + i % 20, 'x', 'x', 'once', ?, 0, 'isolated', 'once', 1, 'forbid', 1, 0, 'active', ?, 'owner', 0, 0, 0
       FROM n`,
      String(clock.now() + minute),
      clock.now() + minute,
    ),
  );
  bench.gateway.tasks.wake();
  bench.gateway.tasks.wake();
  await clock.advance(minute);
  await provider.waitForRequests(6);
  expect(bench.gateway.queue.runningCount).toBe(6);
  await platform.deliver({ text: "hi" });
  await provider.waitForRequests(7);
  expect(lastWords(provider.requests[6] as ProviderRequest)).toBe("hi");
  const waiting = await bench.store.database.all("SELECT count(*) AS n FROM task_runs");
  expect(waiting[0]?.["n"]).toBe(1000);
  const stopped = bench.stop();
  for (let n = 0; n < 7; n++) provider.answer("ok");
  await stopped;
});

test("a secret in what a run answers is struck out before it is sent", async () => {
  const secret = "canary-0123456789-abcdef";
  const provider = createAnsweringProvider([
    task({ action: "add", in: "5m", prompt: "x" }),
    saying("ok"),
    saying(`It is ${secret}.`),
  ]);
  await using open_ = await open(provider, false, [{ name: "TOKEN", value: secret }]);
  const { platform, clock } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await clock.advance(5 * minute);
  await platform.waitForReplies(2);
  expect(platform.textsOf("c1").join()).not.toContain(secret);
});

test("a heartbeat that has nothing to do costs no model call; what it finds goes to the chat last active", async () => {
  const provider = createAnsweringProvider([
    saying("hello"),
    saying("HEARTBEAT_OK"),
    saying("The train is cheap!"),
  ]);
  await using open_ = await open(provider, true);
  const { platform, clock, bench, runs } = open_;
  const beat = async (count: number): Promise<void> => {
    await clock.advance(30 * minute);
    await until(async () => (await runs()).filter(({ endedAt }) => endedAt !== undefined).length === count);
  };
  bench.heartbeats.set("main", "# Heartbeat\n<!-- nothing\n- here -->\n- [ ]\n## Completed\n- old thing\n");
  await platform.deliver({ text: "hi" });
  await platform.waitForReplies(1);
  await beat(1);
  expect(provider.requests).toHaveLength(1);
  bench.heartbeats.set("main", "- Tell me when the train is cheap");
  await beat(2);
  await beat(3);
  expect(provider.requests).toHaveLength(3);
  expect(lastWords(provider.requests[1] as ProviderRequest)).toContain("Tell me when the train is cheap");
  expect(platform.textsOf("c1")).toEqual(["hello", "The train is cheap!"]);
});

test("/stop ends a run, and a restart does not begin it again", async () => {
  const provider = createAnsweringProvider([task({ action: "add", in: "5m", prompt: "x" }), saying("ok")]);
  const running = Promise.withResolvers<void>();
  await using open_ = await open({
    name: "stuck",
    async *stream(request, signal) {
      if (!lastWords(request).includes("is due")) yield* provider.stream(request, signal);
      else {
        running.resolve();
        yield* untilStopped(signal);
      }
    },
  });
  const { platform, clock, bench, runs } = open_;
  await platform.deliver({ text: "go" });
  await platform.waitForReplies(1);
  await clock.advance(5 * minute);
  await running.promise;
  await platform.deliver({ text: "/stop" });
  await platform.waitForReplies(2);
  await settleAll();
  await bench.stop();
  await bench.start();
  await clock.advance(hour);
  expect((await runs()).filter(({ task: id }) => id === 1)).toMatchObject([{ state: "stopped" }]);
});

async function* untilStopped(signal: AbortSignal): AsyncGenerator<ProviderEvent> {
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  yield { type: "aborted", usage: noUsage };
}

async function settleQueue({ gateway }: ChatBench): Promise<void> {
  for (let quiet = 0; quiet < 60; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (gateway.queue.runningCount + gateway.queue.waitingCount > 0) quiet = 0;
  }
}

/** A sandbox is a real process: it takes real time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
