import { optionalTextOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** The model that was chosen for the group's chats; undefined: what the configuration says. */
export async function findGroupModel(reader: Reader, group: GroupId): Promise<string | undefined> {
  const row = await reader.get("SELECT model FROM group_settings WHERE group_id = ?", group);
  return row === undefined ? undefined : optionalTextOf(row, "model");
}

export async function setGroupModel(
  tx: Transaction,
  group: GroupId,
  model: string | undefined,
): Promise<void> {
  await tx.run(
    `INSERT INTO group_settings (group_id, model) VALUES (?, ?)
     ON CONFLICT (group_id) DO UPDATE SET model = excluded.model`,
    group,
    model ?? null,
  );
}
