import { dateOf, integerOf, optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, SqlValue, Transaction } from "./database.ts";
import {
  toChatId,
  toGroupId,
  toPersonId,
  toTaskId,
  type ChatId,
  type GroupId,
  type PersonId,
  type TaskId,
} from "./ids.ts";

export const taskStates = ["active", "paused", "done", "cancelled"] as const;
export const taskKinds = ["cron", "interval", "once"] as const;
export const taskContexts = ["group", "isolated"] as const;
export const missedPolicies = ["skip", "once", "all"] as const;
export const overlapPolicies = ["forbid", "queue", "allow"] as const;
const purposes = ["task", "heartbeat"] as const;
const creatorKinds = ["owner", "member"] as const;

export type TaskState = (typeof taskStates)[number];

/** What whoever makes or changes a task decides about it. */
export interface TaskPlan {
  readonly name: string;
  readonly prompt: string;
  readonly script: string | undefined;
  readonly kind: (typeof taskKinds)[number];
  /** The expression, the milliseconds, or the instant. */
  readonly rule: string;
  /** Of an interval: where its grid begins. */
  readonly anchor: number;
  readonly zone: string | undefined;
  readonly context: (typeof taskContexts)[number];
  readonly missed: (typeof missedPolicies)[number];
  readonly mostMissed: number;
  readonly overlap: (typeof overlapPolicies)[number];
  readonly isDelivered: boolean;
  readonly mayMakeTasks: boolean;
  /** Without one, the chat of the group that was last active. */
  readonly chat: ChatId | undefined;
}

export interface TaskCreator {
  readonly kind: (typeof creatorKinds)[number];
  /** None: the owner at the terminal. */
  readonly person: PersonId | undefined;
  readonly isAgent: boolean;
}

export interface Task extends TaskPlan {
  readonly id: TaskId;
  readonly group: GroupId;
  readonly purpose: (typeof purposes)[number];
  readonly state: TaskState;
  readonly reason: string | undefined;
  readonly nextAt: number | undefined;
  readonly lastDueAt: number | undefined;
  readonly failures: number;
  readonly creator: TaskCreator;
  /** As bits. */
  readonly taint: number;
  readonly createdAt: Date;
}

export interface NewTask extends TaskPlan {
  readonly group: GroupId;
  readonly purpose: Task["purpose"];
  readonly nextAt: number | undefined;
  readonly creator: TaskCreator;
  readonly taint: number;
  readonly now: number;
}

/** Undefined only for a heartbeat that the group has already. */
export async function addTask(tx: Transaction, task: NewTask): Promise<Task | undefined> {
  const plan = toPlanColumns(task);
  const columns = [
    ...plan,
    ["group_id", task.group],
    ["purpose", task.purpose],
    ["state", "active"],
    ["next_at", task.nextAt ?? null],
    ["creator_kind", task.creator.kind],
    ["creator_id", task.creator.person ?? null],
    ["is_made_by_agent", task.creator.isAgent ? 1 : 0],
    ["taint", task.taint],
    ["created_at", task.now],
    ["updated_at", task.now],
  ] as const;
  const row = await tx.get(
    `INSERT INTO tasks (${columns.map(([name]) => name).join(", ")})
     VALUES (${columns.map(() => "?").join(", ")})
     ON CONFLICT (group_id) WHERE purpose = 'heartbeat' DO NOTHING RETURNING *`,
    ...columns.map(([, value]) => value),
  );
  return row === undefined ? undefined : toTask(row);
}

/** A new plan begins anew: whatever it failed at before is forgotten, and what was seen while it was made sticks to it. */
export async function changeTask(
  tx: Transaction,
  id: TaskId,
  change: {
    readonly plan: TaskPlan;
    readonly nextAt: number | undefined;
    readonly taint: number;
    readonly now: number;
  },
): Promise<void> {
  const plan = toPlanColumns(change.plan);
  await tx.run(
    `UPDATE tasks SET ${plan.map(([name]) => `${name} = ?`).join(", ")}, next_at = ?, taint = taint | ?,
       failures = 0, updated_at = ? WHERE id = ?`,
    ...plan.map(([, value]) => value),
    change.nextAt ?? null,
    change.taint,
    change.now,
    id,
  );
}

export async function setTaskState(
  tx: Transaction,
  id: TaskId,
  to: {
    readonly state: TaskState;
    readonly reason?: string | undefined;
    readonly nextAt: number | undefined;
    readonly now: number;
  },
): Promise<void> {
  await tx.run(
    `UPDATE tasks SET state = ?, reason = ?, next_at = ?, updated_at = ?,
       failures = iif(? = 'active', 0, failures) WHERE id = ?`,
    to.state,
    to.reason ?? null,
    to.nextAt ?? null,
    to.now,
    to.state,
    id,
  );
}

/** Everything up to `lastDueAt` is claimed from now on. Without a next occurrence the task is done. */
export async function advanceTask(
  tx: Transaction,
  id: TaskId,
  { lastDueAt, nextAt }: { readonly lastDueAt: number; readonly nextAt: number | undefined },
): Promise<void> {
  await tx.run(
    "UPDATE tasks SET last_due_at = max(coalesce(last_due_at, ?), ?), next_at = ? WHERE id = ?",
    lastDueAt,
    lastDueAt,
    nextAt ?? null,
    id,
  );
}

export async function setNextOccurrence(
  tx: Transaction,
  id: TaskId,
  nextAt: number | undefined,
): Promise<void> {
  await tx.run("UPDATE tasks SET next_at = ? WHERE id = ?", nextAt ?? null, id);
}

export async function setFailures(tx: Transaction, id: TaskId, failures: number): Promise<void> {
  await tx.run("UPDATE tasks SET failures = ? WHERE id = ?", failures, id);
}

export async function findTask(reader: Reader, id: TaskId): Promise<Task | undefined> {
  const row = await reader.get("SELECT * FROM tasks WHERE id = ?", id);
  return row === undefined ? undefined : toTask(row);
}

/** Without those that are over, unless all are asked for; the next due first. */
export async function listTasks(
  reader: Reader,
  { group, all = false }: { readonly group?: GroupId; readonly all?: boolean },
): Promise<Task[]> {
  const rows = await reader.all(
    `SELECT * FROM tasks WHERE (? OR state IN ('active', 'paused') AND purpose = 'task') AND (? IS NULL OR group_id = ?)
     ORDER BY state <> 'active', next_at IS NULL, next_at, id`,
    all ? 1 : 0,
    group ?? null,
    group ?? null,
  );
  return rows.map(toTask);
}

export async function countTasks(
  reader: Reader,
  group: GroupId,
  since: number,
): Promise<{ readonly open: number; readonly madeByAgent: number }> {
  const row = await reader.get(
    `SELECT coalesce(sum(state IN ('active', 'paused') AND purpose = 'task'), 0) AS open,
       coalesce(sum(is_made_by_agent AND created_at >= ?), 0) AS made FROM tasks WHERE group_id = ?`,
    since,
    group,
  );
  return { open: integerOf(row ?? {}, "open"), madeByAgent: integerOf(row ?? {}, "made") };
}

/** Those whose time has come, the longest due first. */
export async function listDueTasks(reader: Reader, now: number, most: number): Promise<Task[]> {
  const rows = await reader.all(
    `SELECT * FROM tasks INDEXED BY tasks_due WHERE state = 'active' AND next_at IS NOT NULL AND next_at <= ?
     ORDER BY next_at LIMIT ?`,
    now,
    most,
  );
  return rows.map(toTask);
}

export async function findNextDue(reader: Reader): Promise<number | undefined> {
  const row = await reader.get(
    "SELECT min(next_at) AS at FROM tasks INDEXED BY tasks_due WHERE state = 'active' AND next_at IS NOT NULL",
  );
  return row?.["at"] === null || row === undefined ? undefined : integerOf(row, "at");
}

function toPlanColumns(plan: TaskPlan): readonly (readonly [string, SqlValue])[] {
  return [
    ["name", plan.name],
    ["prompt", plan.prompt],
    ["script", plan.script ?? null],
    ["kind", plan.kind],
    ["rule", plan.rule],
    ["anchor", plan.anchor],
    ["zone", plan.zone ?? null],
    ["context", plan.context],
    ["missed", plan.missed],
    ["most_missed", plan.mostMissed],
    ["overlap", plan.overlap],
    ["is_delivered", plan.isDelivered ? 1 : 0],
    ["may_make_tasks", plan.mayMakeTasks ? 1 : 0],
    ["chat_id", plan.chat ?? null],
  ];
}

function toTask(row: Row): Task {
  const at = (column: string): number | undefined =>
    row[column] === null ? undefined : integerOf(row, column);
  return {
    id: toTaskId(row["id"]),
    group: toGroupId(row["group_id"]),
    purpose: wordOf(row, "purpose", purposes),
    name: textOf(row, "name"),
    prompt: textOf(row, "prompt"),
    script: optionalTextOf(row, "script"),
    kind: wordOf(row, "kind", taskKinds),
    rule: textOf(row, "rule"),
    anchor: integerOf(row, "anchor"),
    zone: optionalTextOf(row, "zone"),
    context: wordOf(row, "context", taskContexts),
    missed: wordOf(row, "missed", missedPolicies),
    mostMissed: integerOf(row, "most_missed"),
    overlap: wordOf(row, "overlap", overlapPolicies),
    isDelivered: row["is_delivered"] === 1,
    mayMakeTasks: row["may_make_tasks"] === 1,
    chat: row["chat_id"] === null ? undefined : toChatId(row["chat_id"]),
    state: wordOf(row, "state", taskStates),
    reason: optionalTextOf(row, "reason"),
    nextAt: at("next_at"),
    lastDueAt: at("last_due_at"),
    failures: integerOf(row, "failures"),
    creator: {
      kind: wordOf(row, "creator_kind", creatorKinds),
      person: row["creator_id"] === null ? undefined : toPersonId(row["creator_id"]),
      isAgent: row["is_made_by_agent"] === 1,
    },
    taint: integerOf(row, "taint"),
    createdAt: dateOf(row, "created_at"),
  };
}
