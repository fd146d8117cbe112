import type { Transaction } from "../store/database.ts";
import type { GroupId } from "../store/ids.ts";
import { writeGroupChoice } from "../store/group-choice.ts";
import { listTasks, setNextOccurrence } from "../store/tasks.ts";
import { toSchedule } from "./parse-schedule.ts";
import { nextAfter } from "./schedule.ts";
import type { DeskPlace } from "./task-desk.ts";

/** From now on the group's tasks that have no zone of their own go by that clock. */
export async function setGroupZone(
  tx: Transaction,
  group: GroupId,
  zone: string,
  { zones, now }: DeskPlace,
): Promise<void> {
  await writeGroupChoice(tx, group, "zone", zone);
  for (const task of await listTasks(tx, { group })) {
    if (task.zone !== undefined || task.kind !== "cron" || task.state !== "active") continue;
    const after = Math.max(now, task.lastDueAt ?? 0);
    await setNextOccurrence(tx, task.id, nextAfter(toSchedule(task, zones.get(zone)), after));
  }
}
