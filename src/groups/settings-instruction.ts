import type { Instruction } from "../agent/context.ts";
import { defaultSettings, type GroupSettings } from "../store/group-settings.ts";

/** What of them the model is told; nothing while the owner has said nothing. */
export function toSettingsInstruction({ triggerName, style }: GroupSettings): Instruction | undefined {
  const lines = [
    ...(triggerName === defaultSettings.triggerName ? [] : [`People address you here as @${triggerName}.`]),
    ...(style === undefined ? [] : [style === "" ? "No style is wished for any more." : style]),
  ];
  return lines.length === 0 ? undefined : { name: "Settings of this group", text: lines.join("\n") };
}
