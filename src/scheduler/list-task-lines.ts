import type { Reader } from "../store/database.ts";
import type { GroupId } from "../store/ids.ts";
import { listTasks } from "../store/tasks.ts";
import { formatTasks } from "./format-tasks.ts";
import type { TaskZones } from "./task-zone.ts";

/** What stands in a group, for its chat: a line each, the next due first. */
export async function listTaskLines(
  reader: Reader,
  group: GroupId,
  zones: TaskZones,
): Promise<readonly string[]> {
  const rows = await Promise.all(
    (await listTasks(reader, { group })).map(async (task) => ({
      task,
      zone: await zones.of(task, reader),
      group: "",
    })),
  );
  return rows.length === 0 ? [] : formatTasks(rows, { isChat: true }).split("\n");
}
