import { triggerModes } from "../../store/group-settings.ts";
import { toDiff } from "../to-diff.ts";
import type { GroupChange, GroupHands } from "./group-hands.ts";

export const modeInput = {
  type: "string",
  enum: triggerModes,
  description: "when it answers in a chat of several",
} as const;

type Wish = { readonly [Name in keyof GroupChange]?: string | undefined };

/** Of a call's arguments, what is to be set. */
export function toChange({ trigger, mode, greeting, style, model }: Wish): GroupChange {
  return {
    ...(trigger === undefined ? {} : { trigger }),
    ...(mode === undefined ? {} : { mode }),
    ...(greeting === undefined ? {} : { greeting }),
    ...(style === undefined ? {} : { style }),
    ...(model === undefined ? {} : { model }),
  };
}

/** What a group's conversations begin with changes, and not only when it is called. */
export function isInstruction({ greeting, style }: Wish): boolean {
  return greeting !== undefined || style !== undefined;
}

/** What a group's greeting and style were, and what they would be; nothing where they stay. */
export async function showManner(
  hands: Pick<GroupHands, "manner">,
  group: string,
  wish: Wish,
): Promise<string | undefined> {
  if (!isInstruction(wish)) return undefined;
  const before = await hands.manner(group);
  return toDiff(toLines(before), toLines({ ...before, ...toChange(wish) }));
}

function toLines({ greeting = "", style = "" }: Wish): string {
  return [
    ...(greeting === "" ? [] : [`greeting: ${greeting}`]),
    ...(style === "" ? [] : [`style: ${style}`]),
  ].join("\n");
}
