import { wordOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** How freely a group's assistant works, the strictest first. What each means stands in the table of `authorize()`. */
export const levelNames = ["locked", "careful", "trusted"] as const;

export type Level = (typeof levelNames)[number];

/** The strictest for a group that is not there. */
export async function readLevel(reader: Reader, group: string): Promise<Level> {
  const row = await reader.get("SELECT level FROM groups WHERE name = ?", group);
  return row === undefined ? "locked" : wordOf(row, "level", levelNames);
}

export async function setLevel(tx: Transaction, group: GroupId, level: Level): Promise<void> {
  await tx.run("UPDATE groups SET level = ? WHERE id = ?", level, group);
}
