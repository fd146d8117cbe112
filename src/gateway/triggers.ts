import { callsName } from "../called-name.ts";
import type { GroupSettings } from "../store/group-settings.ts";

export interface Heard {
  readonly text: string;
  readonly isPrivate: boolean;
  /** By the platform's own word. */
  readonly isMention: boolean;
}

export interface Addressing {
  readonly isAddressed: boolean;
  /** For `nanoclaw why`. */
  readonly reason: string;
}

/** Whether the assistant is meant. What is written to it alone always is. */
export function findAddressing({ text, isPrivate, isMention }: Heard, settings: GroupSettings): Addressing {
  const { triggerMode, triggerName } = settings;
  if (isPrivate) return { isAddressed: true, reason: "a private chat" };
  if (triggerMode === "always") return { isAddressed: true, reason: "the group answers everything" };
  if (triggerMode === "never") return { isAddressed: false, reason: "the group answers nothing" };
  if (isMention) return { isAddressed: true, reason: "the platform says that it was mentioned" };
  return callsName(text, triggerName)
    ? { isAddressed: true, reason: `it names @${triggerName}` }
    : { isAddressed: false, reason: `it does not name @${triggerName}` };
}
