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
  return hasName(text, triggerName)
    ? { isAddressed: true, reason: `it names @${triggerName}` }
    : { isAddressed: false, reason: `it does not name @${triggerName}` };
}

/** In any script, never inside a longer word; what has no width does not count. */
function hasName(text: string, name: string): boolean {
  if (name === "") return false;
  const seen = text
    .replace(/[\p{Cf}]/gu, "")
    .normalize("NFC")
    .toLowerCase();
  const wanted = `@${name.normalize("NFC").toLowerCase()}`;
  for (let at = seen.indexOf(wanted); at >= 0; at = seen.indexOf(wanted, at + 1)) {
    const before = seen.slice(0, at);
    const after = seen.slice(at + wanted.length);
    if (!/[\p{L}\p{N}_]$/u.test(before) && !/^[\p{L}\p{M}\p{N}_]/u.test(after)) return true;
  }
  return false;
}
