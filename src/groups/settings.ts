import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import type { Transaction } from "../store/database.ts";
import {
  readGroupSettings,
  triggerModes,
  writeGroupSettings,
  type GroupSettings,
} from "../store/group-settings.ts";
import type { GroupId } from "../store/ids.ts";
import { groupWords } from "../words/english/group.ts";

export const settingNames = ["trigger", "mode", "greeting", "style", "model"] as const;

export type SettingName = (typeof settingNames)[number];

export type SettingsChange = Readonly<Partial<Record<SettingName, string>>>;

const longestName = 40;
const longestText = 2000;

/** `trigger=@Bob`, one a word. Throws `AppError("usage")` that names what was meant. */
export function parseSettings(words: readonly string[]): SettingsChange {
  const change: Partial<Record<SettingName, string>> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    const typed = at < 0 ? word : word.slice(0, at);
    const name = settingNames.find((known) => known === typed);
    if (name === undefined || at < 0) {
      const nearest = name ?? findNearestWord(typed, settingNames);
      throw new AppError("usage", groupWords.unknownSetting({ name: word, nearest, known: settingNames }));
    }
    change[name] = word.slice(at + 1);
  }
  return change;
}

/** Checks all of it before anything is changed. An empty greeting, style or model is none. Throws `AppError("usage")`. */
export function applySettings(before: GroupSettings, change: SettingsChange): GroupSettings {
  if (Object.keys(change).length === 0) {
    throw new AppError("usage", groupWords.nothingToSet({ known: settingNames }));
  }
  const { trigger, mode, greeting, style, model } = change;
  return {
    triggerName: trigger === undefined ? before.triggerName : parseTrigger(trigger),
    triggerMode: mode === undefined ? before.triggerMode : parseMode(mode),
    greeting: greeting === undefined ? before.greeting : parseText("greeting", greeting),
    // That it was taken back is told too.
    style: style === undefined ? before.style : parseText("style", style),
    model: model === undefined ? before.model : parseModel(model),
  };
}

export async function changeSettings(
  tx: Transaction,
  group: GroupId,
  change: SettingsChange,
): Promise<GroupSettings> {
  const settings = applySettings(await readGroupSettings(tx, group), change);
  await writeGroupSettings(tx, group, settings);
  return settings;
}

/** As in `/model`: `default`, and nothing, is what the configuration says. Undefined: that. */
export function parseModel(word: string): string | undefined {
  const name = word.trim();
  return name === "" || name === "default" ? undefined : name;
}

/** With or without the @, in any script. */
function parseTrigger(word: string): string {
  const name = word.trim().replace(/^@/, "").normalize("NFC");
  const isName = /[\p{L}\p{N}]/u.test(name) && !/[\s\p{C}@]/u.test(name);
  if (!isName || name.length > longestName)
    throw new AppError("usage", groupWords.badTrigger({ name: word }));
  return name;
}

function parseMode(word: string): GroupSettings["triggerMode"] {
  const mode = triggerModes.find((known) => known === word.trim());
  if (mode !== undefined) return mode;
  const nearest = findNearestWord(word, triggerModes);
  throw new AppError("usage", groupWords.unknownMode({ mode: word, nearest, known: triggerModes }));
}

function parseText(name: SettingName, text: string): string {
  if (text.length > longestText) {
    throw new AppError("usage", groupWords.settingTooLong({ name, most: longestText }));
  }
  return text.trim();
}
