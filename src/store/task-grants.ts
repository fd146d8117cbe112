import { textOf, wordOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import { toTaskId, type GroupId, type TaskId } from "./ids.ts";

/** `host`: reaches it. `chat`: sends there. `search`: asks the web search. `files`: changes files of its own group. */
export const grantKinds = ["host", "chat", "search", "files"] as const;

/** What the runs of a task may do though nobody is there to ask. */
export interface TaskGrant {
  readonly kind: (typeof grantKinds)[number];
  /** A host as `groups egress allow` takes it; the number of a chat; empty. */
  readonly value: string;
}

export interface StoredTaskGrant extends TaskGrant {
  /** Of the plan that the owner saw. */
  readonly plan: string;
}

/** In place of all that it had. */
export async function setTaskGrants(
  tx: Transaction,
  task: TaskId,
  grants: readonly TaskGrant[],
  { plan, now }: { readonly plan: string; readonly now: number },
): Promise<void> {
  await removeTaskGrants(tx, task);
  for (const { kind, value } of grants) {
    await tx.run(
      `INSERT INTO task_grants (task_id, kind, value, plan, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      task,
      kind,
      value,
      plan,
      now,
    );
  }
}

/** How many there were. */
export async function removeTaskGrants(tx: Transaction, task: TaskId): Promise<number> {
  const { changes } = await tx.run("DELETE FROM task_grants WHERE task_id = ?", task);
  return changes;
}

export async function listTaskGrants(reader: Reader, task: TaskId): Promise<readonly StoredTaskGrant[]> {
  const rows = await reader.all(
    "SELECT kind, value, plan FROM task_grants WHERE task_id = ? ORDER BY kind, value",
    task,
  );
  return rows.map((row) => ({
    kind: wordOf(row, "kind", grantKinds),
    value: textOf(row, "value"),
    plan: textOf(row, "plan"),
  }));
}

/** Tasks of a group that are not over and were given anything. */
export async function listGrantedTasks(reader: Reader, group: GroupId): Promise<readonly TaskId[]> {
  const rows = await reader.all(
    `SELECT DISTINCT task_id FROM task_grants JOIN tasks ON tasks.id = task_id
     WHERE group_id = ? AND state IN ('active', 'paused') ORDER BY task_id`,
    group,
  );
  return rows.map((row) => toTaskId(row["task_id"]));
}
