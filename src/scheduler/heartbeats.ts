import type { Transaction } from "../store/database.ts";
import { listGroups } from "../store/groups.ts";
import { addTask, changeTask, listTasks, setTaskState, type TaskPlan } from "../store/tasks.ts";

const prompt =
  "This is your heartbeat: look whether anything needs attention, and do what stands below. If nothing does, answer HEARTBEAT_OK alone.";

/** Every group has one, at the configured distance; switched off, it is paused. */
export async function ensureHeartbeats(
  tx: Transaction,
  { intervalS, enabled }: { readonly intervalS: number; readonly enabled: boolean },
  now: number,
): Promise<void> {
  const everyMs = intervalS * 1000;
  const plan: TaskPlan = {
    name: "heartbeat",
    prompt,
    script: undefined,
    kind: "interval",
    rule: String(everyMs),
    anchor: now,
    zone: undefined,
    context: "isolated",
    missed: "skip",
    mostMissed: 1,
    overlap: "forbid",
    isDelivered: true,
    mayMakeTasks: false,
    chat: undefined,
  };
  const known = new Map(
    (await listTasks(tx, { all: true })).flatMap((task) =>
      task.purpose === "heartbeat" ? [[task.group, task] as const] : [],
    ),
  );
  for (const group of await listGroups(tx)) {
    const task = known.get(group.id);
    const nextAt = now + everyMs;
    if (task === undefined && enabled) {
      const creator = { kind: "owner", person: undefined, isAgent: false } as const;
      await addTask(tx, { ...plan, group: group.id, purpose: "heartbeat", nextAt, creator, taint: 0, now });
    }
    if (task === undefined) continue;
    if (!enabled) {
      if (task.state === "active")
        await setTaskState(tx, task.id, { ...switchedOff, nextAt: undefined, now });
      continue;
    }
    const isOff = task.state === "paused" && task.reason === switchedOff.reason;
    if (task.rule === plan.rule && !isOff) continue;
    await changeTask(tx, task.id, { plan, nextAt, taint: 0, now });
    if (isOff) await setTaskState(tx, task.id, { state: "active", nextAt, now });
  }
}

const switchedOff = { state: "paused", reason: "switched off in the configuration" } as const;
