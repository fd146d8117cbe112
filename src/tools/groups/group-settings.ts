import { triggerModes } from "../../store/group-settings.ts";
import type { GroupChange } from "./group-hands.ts";

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
