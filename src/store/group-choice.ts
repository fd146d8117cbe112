import { optionalTextOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** What a group may have of its own: its model in place of the configured one, the clock of its people in place of this machine's. */
export type GroupChoice = "model" | "zone";

/** Undefined: nothing was chosen for the group. */
export async function readGroupChoice(
  reader: Reader,
  group: GroupId,
  choice: GroupChoice,
): Promise<string | undefined> {
  const row = await reader.get(`SELECT ${choice} FROM group_settings WHERE group_id = ?`, group);
  return row === undefined ? undefined : optionalTextOf(row, choice);
}

export async function writeGroupChoice(
  tx: Transaction,
  group: GroupId,
  choice: GroupChoice,
  value: string | undefined,
): Promise<void> {
  await tx.run(
    `INSERT INTO group_settings (group_id, ${choice}) VALUES (?, ?)
     ON CONFLICT (group_id) DO UPDATE SET ${choice} = excluded.${choice}`,
    group,
    value ?? null,
  );
}
