import { dateOf, integerOf, optionalDateOf, optionalTextOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import {
  toGroupId,
  toRunId,
  toTaskId,
  toTurnId,
  type GroupId,
  type RunId,
  type TaskId,
  type TurnId,
} from "./ids.ts";

export const runStates = ["waiting", "running", "done", "quiet", "failed", "skipped", "stopped"] as const;

export type RunState = (typeof runStates)[number];

/** One occurrence of a task and what became of it. */
export interface Run {
  readonly id: RunId;
  readonly task: TaskId;
  readonly group: GroupId;
  readonly dueAt: Date;
  readonly isManual: boolean;
  readonly state: RunState;
  readonly missed: number;
  readonly attempts: number;
  readonly retryAt: number;
  readonly turn: TurnId | undefined;
  readonly claimedAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly result: string | undefined;
  readonly reason: string | undefined;
}

export interface NewRun {
  readonly task: TaskId;
  readonly group: GroupId;
  readonly dueAt: number;
  readonly isManual?: boolean;
  readonly missed?: number;
  readonly now: number;
  /** It does not run, and this is why. */
  readonly skipped?: string;
}

/** An occurrence is claimed once: the second time nothing is added. */
export async function addRun(tx: Transaction, run: NewRun): Promise<RunId | undefined> {
  const isSkipped = run.skipped !== undefined;
  const row = await tx.get(
    `INSERT INTO task_runs (task_id, group_id, due_at, is_manual, state, missed, claimed_at, ended_at, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
    run.task,
    run.group,
    run.dueAt,
    run.isManual === true ? 1 : 0,
    isSkipped ? "skipped" : "waiting",
    run.missed ?? 0,
    run.now,
    isSkipped ? run.now : null,
    run.skipped ?? null,
  );
  return row === undefined ? undefined : toRunId(row["id"]);
}

/** As many as a task keeps: the log of a task that runs every minute must not grow for ever. */
const mostKept = 200;

export async function trimRuns(tx: Transaction, task: TaskId): Promise<void> {
  await tx.run(
    `DELETE FROM task_runs WHERE task_id = ? AND state NOT IN ('waiting', 'running') AND id <=
       (SELECT id FROM task_runs WHERE task_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    task,
    task,
    mostKept,
  );
}

/** Runs of the task that wait or are under way. */
export async function countOpenRuns(
  reader: Reader,
  task: TaskId,
): Promise<{ readonly waiting: number; readonly running: number }> {
  const row = await reader.get(
    `SELECT coalesce(sum(state = 'waiting'), 0) AS waiting, coalesce(sum(state = 'running'), 0) AS running
     FROM task_runs WHERE task_id = ? AND state IN ('waiting', 'running')`,
    task,
  );
  return { waiting: integerOf(row ?? {}, "waiting"), running: integerOf(row ?? {}, "running") };
}

/** The next of a group's that may begin. */
export async function findWaitingRun(reader: Reader, group: GroupId, now: number): Promise<Run | undefined> {
  const row = await reader.get(
    `SELECT * FROM task_runs INDEXED BY task_runs_waiting
     WHERE state = 'waiting' AND group_id = ? AND retry_at <= ? ORDER BY due_at, id LIMIT 1`,
    group,
    now,
  );
  return row === undefined ? undefined : toRun(row);
}

/** Groups in which a run waits or was left behind. */
export async function listGroupsWithRuns(reader: Reader): Promise<GroupId[]> {
  const rows = await reader.all(
    `SELECT DISTINCT group_id FROM task_runs INDEXED BY task_runs_waiting WHERE state = 'waiting'
     UNION SELECT DISTINCT group_id FROM task_runs INDEXED BY task_runs_running WHERE state = 'running'`,
  );
  return rows.map((row) => toGroupId(row["group_id"]));
}

/** When the first of the runs that wait for a later time may begin. */
export async function findNextRetry(reader: Reader, now: number): Promise<number | undefined> {
  const row = await reader.get(
    "SELECT min(retry_at) AS at FROM task_runs INDEXED BY task_runs_waiting WHERE state = 'waiting' AND retry_at > ?",
    now,
  );
  return row === undefined || row["at"] === null ? undefined : integerOf(row, "at");
}

/** False: it waits no longer, for somebody paused or cancelled its task. */
export async function beginRun(tx: Transaction, run: RunId, turn: TurnId, now: number): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE task_runs SET state = 'running', turn_id = ?, started_at = coalesce(started_at, ?) WHERE id = ? AND state = 'waiting'",
    turn,
    now,
    run,
  );
  return changes === 1;
}

export interface RunEnd {
  readonly state: Exclude<RunState, "waiting" | "running">;
  readonly result?: string | undefined;
  readonly reason?: string | undefined;
  readonly now: number;
}

export async function endRun(
  tx: Transaction,
  run: RunId,
  { state, result, reason, now }: RunEnd,
): Promise<void> {
  await tx.run(
    `UPDATE task_runs SET state = ?, result = ?, reason = ?, ended_at = ?, started_at = coalesce(started_at, ?)
     WHERE id = ? AND state IN ('waiting', 'running')`,
    state,
    result ?? null,
    reason ?? null,
    now,
    now,
    run,
  );
}

/** It waits again, if need be until then. */
export async function releaseRun(
  tx: Transaction,
  run: RunId,
  { retryAt = 0, reason }: { readonly retryAt?: number; readonly reason?: string } = {},
): Promise<void> {
  await tx.run(
    "UPDATE task_runs SET state = 'waiting', retry_at = ?, reason = ? WHERE id = ? AND state IN ('waiting', 'running')",
    retryAt,
    reason ?? null,
    run,
  );
}

/** What was begun in the group and not ended waits again, or has been tried too often. To be asked while nothing runs there. */
export async function reclaimRuns(
  tx: Transaction,
  group: GroupId,
  { most, isForgiven }: { readonly most: number; readonly isForgiven: boolean },
): Promise<Run[]> {
  await tx.run(
    `UPDATE task_runs INDEXED BY task_runs_running SET state = 'waiting', attempts = attempts + ?
     WHERE state = 'running' AND group_id = ?`,
    isForgiven ? 0 : 1,
    group,
  );
  const rows = await tx.all(
    "SELECT * FROM task_runs INDEXED BY task_runs_waiting WHERE state = 'waiting' AND group_id = ? AND attempts >= ?",
    group,
    most,
  );
  return rows.map(toRun);
}

/** What waits of a task that is paused or cancelled does not run any more. */
export async function skipWaitingRuns(
  tx: Transaction,
  task: TaskId,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<void> {
  await tx.run(
    "UPDATE task_runs SET state = 'skipped', reason = ?, ended_at = ? WHERE task_id = ? AND state = 'waiting'",
    reason,
    now,
    task,
  );
}

export async function findRun(reader: Reader, id: RunId): Promise<Run | undefined> {
  const row = await reader.get("SELECT * FROM task_runs WHERE id = ?", id);
  return row === undefined ? undefined : toRun(row);
}

/** The last one first. */
export async function listRuns(
  reader: Reader,
  { task, group, limit }: { readonly task?: TaskId; readonly group?: GroupId; readonly limit: number },
): Promise<Run[]> {
  const rows = await reader.all(
    `SELECT * FROM task_runs WHERE (? IS NULL OR task_id = ?) AND (? IS NULL OR group_id = ?)
     ORDER BY id DESC LIMIT ?`,
    task ?? null,
    task ?? null,
    group ?? null,
    group ?? null,
    limit,
  );
  return rows.map(toRun);
}

function toRun(row: Row): Run {
  return {
    id: toRunId(row["id"]),
    task: toTaskId(row["task_id"]),
    group: toGroupId(row["group_id"]),
    dueAt: dateOf(row, "due_at"),
    isManual: row["is_manual"] === 1,
    state: wordOf(row, "state", runStates),
    missed: integerOf(row, "missed"),
    attempts: integerOf(row, "attempts"),
    retryAt: integerOf(row, "retry_at"),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    claimedAt: dateOf(row, "claimed_at"),
    startedAt: optionalDateOf(row, "started_at"),
    endedAt: optionalDateOf(row, "ended_at"),
    result: optionalTextOf(row, "result"),
    reason: optionalTextOf(row, "reason"),
  };
}
