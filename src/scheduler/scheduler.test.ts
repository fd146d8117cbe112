import { expect, test } from "bun:test";
import { openTemporaryStore } from "../../test/fakes/temporary-store.ts";
import { settleAll, VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { silentLog } from "../log.ts";
import { getGroup } from "../store/groups.ts";
import { listRuns } from "../store/task-runs.ts";
import { findTask } from "../store/tasks.ts";
import type { Missed } from "./claim.ts";
import { Scheduler } from "./scheduler.ts";
import { makeTask, type TaskDraft } from "./task-desk.ts";
import { TaskZones } from "./task-zone.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 26, 12);

/** A scheduler that can be switched off and on; its runs end when they are told to. */
async function open(draft: TaskDraft) {
  const clock = new VirtualClock(start);
  const store = await openTemporaryStore({}, clock);
  const { database } = store;
  const group = await getGroup(database, "main");
  const zones = new TaskZones("UTC");
  const creator = { kind: "owner", person: undefined, isAgent: false } as const;
  const clerk = { group, creator, taint: 0, chat: undefined, leastMs: 1000 };
  const task = await database.transaction((tx) =>
    makeTask(tx, { prompt: "x", ...draft }, clerk, { zones, now: start }),
  );
  const missed: Missed[] = [];
  let scheduler: Scheduler | undefined;
  return {
    clock,
    missed,
    task: () => findTask(database, task.id),
    on: async () => {
      scheduler = new Scheduler({
        database,
        clock,
        zones,
        onRuns: () => {},
        onMissed: async (_tx, _task, one) => void missed.push(one),
        onBroken: async () => {},
        onTold: () => {},
        log: silentLog,
        longestSleepMs: 40 * day,
      });
      await scheduler.prepare();
      scheduler.start();
      await settleAll();
    },
    off: async () => await scheduler?.[Symbol.asyncDispose](),
    wake: async () => {
      scheduler?.wake();
      await settleAll();
    },
    end: async (state: "done" | "running") =>
      await database.transaction((tx) =>
        tx.run("UPDATE task_runs SET state = ? WHERE state <> 'skipped'", state),
      ),
    /** `state at minutes` of each run, the first first. */
    runs: async () =>
      (await listRuns(database, { limit: 100 })).toReversed().map(({ state, dueAt, missed: count }) => {
        const at = (dueAt.getTime() - start) / minute;
        return `${state} ${at}${count === 0 ? "" : ` +${count}`}`;
      }),
    async [Symbol.asyncDispose]() {
      await scheduler?.[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

test.each([
  ["skip", 5 * hour, ["skipped 300 +4"]],
  ["once", 5 * hour, ["waiting 300 +4"]],
  ["once", 30 * hour, ["waiting 1800 +29"]],
  ["all", 5 * hour, ["waiting 180 +0", "waiting 240", "waiting 300 +2"]],
] as const)("what was missed by the rule %s, after %d ms off", async (missed, offMs, expected) => {
  await using here = await open({ every: "1h", missed, mostMissed: 3 });
  await here.clock.advance(offMs + 10 * minute);
  await here.on();
  expect(await here.runs()).toEqual(expected.map((each) => each.replace(" +0", "")));
  const count = offMs / hour;
  expect(here.missed).toMatchObject([{ count, hasMore: false, runsNow: missed !== "skip" }]);
  // From then on it goes by its grid.
  await here.end("done");
  await here.clock.advance(hour);
  expect((await here.runs()).at(-1)).toBe(`waiting ${count * 60 + 60}`);
});

test("a reminder that is more than a day late runs no more, and that is on record and told", async () => {
  await using here = await open({ in: "1h" });
  await here.clock.advance(27 * hour);
  await here.on();
  expect(await here.runs()).toEqual(["skipped 60"]);
  expect(here.missed).toMatchObject([{ count: 1, runsNow: false }]);
  expect(await here.task()).toMatchObject({ state: "done", nextAt: undefined });
});

test.each([
  ["forbid", ["running 1", "skipped 2", "skipped 3"]],
  ["queue", ["running 1", "waiting 2", "skipped 3"]],
  ["allow", ["running 1", "waiting 2", "waiting 3"]],
] as const)("while a run is still under way, by the rule %s", async (overlap, expected) => {
  await using here = await open({ every: "1m", overlap });
  await here.on();
  await here.clock.advance(minute);
  await here.end("running");
  await here.clock.advance(2 * minute);
  expect(await here.runs()).toEqual([...expected]);
});

test("a clock that is put back runs nothing twice, one that is put forward leaves nothing out of the record", async () => {
  await using here = await open({ every: "1h", overlap: "allow" });
  await here.on();
  await here.clock.advance(2 * hour);
  here.clock.jump(-3 * hour);
  await here.wake();
  await here.clock.advance(3 * hour);
  expect(await here.runs()).toEqual(["waiting 60", "waiting 120"]);
  here.clock.jump(4.5 * hour);
  await here.wake();
  expect(await here.runs()).toEqual(["waiting 60", "waiting 120", "waiting 360 +3"]);
});

test("a machine whose clock was never set claims nothing, and begins when it is", async () => {
  await using here = await open({ every: "1h" });
  await here.clock.advance(90 * minute);
  here.clock.jump(-here.clock.now());
  await here.on();
  await here.clock.advance(hour);
  expect(await here.runs()).toEqual([]);
  here.clock.jump(start + 2.5 * hour - here.clock.now());
  await here.clock.advance(30_000);
  expect(await here.runs()).toEqual(["waiting 120 +1"]);
});

test("what is due in a month is due in a month, however the wait is cut up", async () => {
  await using here = await open({ in: "31d" });
  await here.on();
  await here.clock.advance(31 * day - 1);
  expect(await here.runs()).toEqual([]);
  await here.clock.advance(1);
  expect(await here.runs()).toEqual([`waiting ${31 * 24 * 60}`]);
});
