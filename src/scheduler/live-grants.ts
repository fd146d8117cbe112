import type { Reader } from "../store/database.ts";
import type { TaskId } from "../store/ids.ts";
import { listTaskGrants, type TaskGrant } from "../store/task-grants.ts";
import { findTask, type Task } from "../store/tasks.ts";
import { hashTaskPlan } from "./task-plan-hash.ts";

export interface KnownGrants {
  readonly live: readonly TaskGrant[];
  /** They were given for another plan, and count for nothing. */
  readonly voided: readonly TaskGrant[];
}

/** What the owner allowed the runs of a task: for the plan that it has now, and for one that it had. */
export async function readGrants(reader: Reader, task: Task): Promise<KnownGrants> {
  const stored = await listTaskGrants(reader, task.id);
  if (stored.length === 0) return { live: [], voided: [] };
  const plan = hashTaskPlan(task);
  const [live, others] = [true, false].map((isLive) =>
    stored.filter((each) => (each.plan === plan) === isLive).map(({ kind, value }) => ({ kind, value })),
  );
  return { live: live ?? [], voided: others ?? [] };
}

/** As they are at this moment: what was taken back, or voided by a change, is not among them. */
export async function listLiveGrants(reader: Reader, id: TaskId): Promise<readonly TaskGrant[]> {
  const task = await findTask(reader, id);
  return task === undefined ? [] : (await readGrants(reader, task)).live;
}
