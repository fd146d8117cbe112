import { optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** `mention-sticky`: once addressed, the rest of that conversation is. */
export const triggerModes = ["always", "mention", "mention-sticky", "never"] as const;

export type TriggerMode = (typeof triggerModes)[number];

export interface GroupSettings {
  readonly triggerMode: TriggerMode;
  /** Without the @. */
  readonly triggerName: string;
  readonly greeting: string | undefined;
  /** How answers should be, in the owner's words. */
  readonly style: string | undefined;
  /** In place of the configured one. */
  readonly model?: string | undefined;
}

export const defaultSettings: GroupSettings = {
  triggerMode: "mention",
  triggerName: "Andy",
  greeting: undefined,
  style: undefined,
  model: undefined,
};

export async function readGroupSettings(reader: Reader, group: GroupId): Promise<GroupSettings> {
  const row = await reader.get("SELECT * FROM group_settings WHERE group_id = ?", group);
  if (row === undefined) return defaultSettings;
  return {
    triggerMode: wordOf(row, "trigger_mode", triggerModes),
    triggerName: textOf(row, "trigger_name"),
    greeting: optionalTextOf(row, "greeting"),
    style: optionalTextOf(row, "style"),
    model: optionalTextOf(row, "model"),
  };
}

export async function writeGroupSettings(
  tx: Transaction,
  group: GroupId,
  settings: GroupSettings,
): Promise<void> {
  await tx.run(
    `INSERT INTO group_settings (group_id, trigger_mode, trigger_name, greeting, style, model) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (group_id) DO UPDATE SET trigger_mode = excluded.trigger_mode, trigger_name = excluded.trigger_name,
       greeting = excluded.greeting, style = excluded.style, model = excluded.model`,
    group,
    settings.triggerMode,
    settings.triggerName,
    settings.greeting ?? null,
    settings.style ?? null,
    settings.model ?? null,
  );
}
