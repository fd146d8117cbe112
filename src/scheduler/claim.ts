import type { Transaction } from "../store/database.ts";
import { addRun, countOpenRuns, trimRuns } from "../store/task-runs.ts";
import { advanceTask, setTaskState, type Task } from "../store/tasks.ts";
import { latestBetween, nextAfter, type Schedule } from "./schedule.ts";

export interface Claim {
  /** How many runs begin now. */
  readonly runs: number;
  /** Occurrences that nobody was there for; what people are told. */
  readonly missed: Missed | undefined;
}

export interface Missed {
  readonly count: number;
  /** There were more than `count`. */
  readonly hasMore: boolean;
  readonly lastAt: number;
  /** One of them runs now. */
  readonly runsNow: boolean;
}

/** So late is still on time: the machine was busy. */
const graceMs = 60_000;
/** What was missed for longer runs no more, unless all that was missed is to run. */
const longestLateMs = 24 * 60 * 60_000;
const mostCounted = 1000;

const stillRuns = "the run before it had not ended";

/**
 * All occurrences up to now become runs, or are skipped with a reason; none is ever claimed again. To be asked for a task
 * that is due, in the transaction that makes it so.
 */
export async function claimTask(
  tx: Transaction,
  task: Task,
  { schedule, now }: { readonly schedule: Schedule; readonly now: number },
): Promise<Claim> {
  const from = Math.max(task.nextAt ?? now, (task.lastDueAt ?? 0) + 1);
  const { instants, hasMore } = latestBetween(schedule, from, now, mostCounted);
  const lastAt = instants.at(-1);
  const nextAt = nextAfter(schedule, Math.max(now, task.lastDueAt ?? 0, lastAt ?? 0));
  if (lastAt === undefined) {
    await advanceTask(tx, task.id, { lastDueAt: task.lastDueAt ?? 0, nextAt });
    return { runs: 0, missed: undefined };
  }
  await advanceTask(tx, task.id, { lastDueAt: lastAt, nextAt });
  const chosen = choose(task, instants, now);
  const dropped = instants.length - chosen.length;
  const isBlocked = await isOverlapping(tx, task);
  const common = { task: task.id, group: task.group, now };
  for (const [index, dueAt] of chosen.entries()) {
    const missed = index === chosen.length - 1 ? dropped : 0;
    await addRun(tx, { ...common, dueAt, missed, ...(isBlocked ? { skipped: stillRuns } : {}) });
  }
  if (chosen.length === 0) {
    await addRun(tx, {
      ...common,
      dueAt: lastAt,
      missed: dropped - 1,
      skipped: "missed while the gateway was off",
    });
    if (nextAt === undefined)
      await setTaskState(tx, task.id, { state: "done", reason: "missed", nextAt, now });
  }
  await trimRuns(tx, task.id);
  const late = instants.filter((at) => now - at > graceMs).length;
  const missed = { count: late, hasMore, lastAt, runsNow: chosen.length > 0 };
  return { runs: isBlocked ? 0 : chosen.length, missed: late === 0 ? undefined : missed };
}

/** Those of the occurrences that run, the oldest first. */
function choose({ missed, mostMissed }: Task, instants: readonly number[], now: number): readonly number[] {
  const last = instants.at(-1) ?? now;
  const isOnTime = now - last <= graceMs;
  switch (missed) {
    case "skip":
      return isOnTime ? [last] : [];
    case "once":
      return now - last <= longestLateMs ? [last] : [];
    case "all":
      return instants.slice(-(mostMissed + (isOnTime ? 1 : 0)));
    default:
      return missed satisfies never;
  }
}

async function isOverlapping(tx: Transaction, { id, overlap }: Task): Promise<boolean> {
  if (overlap === "allow") return false;
  const { waiting, running } = await countOpenRuns(tx, id);
  return waiting > 0 || (overlap === "forbid" && running > 0);
}
