import type { Reader } from "../store/database.ts";
import type { GroupId } from "../store/ids.ts";
import { listAlways } from "../store/memories.ts";

/** What stands in every prompt of a group, as a list; nothing without any. */
export async function readAlways(reader: Reader, group: GroupId): Promise<string | undefined> {
  const notes = await listAlways(reader, group);
  return notes.length === 0
    ? undefined
    : notes.map(({ id, text }) => `- ${text.replace(/\s+/g, " ")} (note ${id})`).join("\n");
}
