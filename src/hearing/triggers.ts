import { callsName } from "../called-name.ts";
import type { GroupSettings } from "../store/group-settings.ts";

export interface Heard {
  readonly text: string;
  readonly isPrivate: boolean;
  /** By the platform's own word. */
  readonly isMention: boolean;
  /** It answers what somebody else wrote. */
  readonly answersOther?: boolean;
  /** Until when what this person says here is meant for the assistant, epoch milliseconds. */
  readonly addressedUntil?: number | undefined;
  readonly now: number;
}

export interface Addressing {
  readonly isAddressed: boolean;
  /** For `nanoclaw why`. */
  readonly reason: string;
  /** What becomes of who has called the assistant before: goes on from now, is over, or stays as it is. */
  readonly attention?: "holds" | "ends";
}

/** As long as a person may be silent and still go on with what was said to the assistant. */
export const attentionMs: number = 10 * 60_000;

/** Whether the assistant is meant. What is written to it alone always is. */
export function findAddressing(heard: Heard, settings: GroupSettings): Addressing {
  const { text, isPrivate, isMention } = heard;
  const { triggerMode, triggerName } = settings;
  if (isPrivate) return { isAddressed: true, reason: "a private chat" };
  if (triggerMode === "always") return { isAddressed: true, reason: "the group answers everything" };
  if (triggerMode === "never") return { isAddressed: false, reason: "the group answers nothing" };
  const holds = triggerMode === "mention-sticky" ? ({ attention: "holds" } as const) : {};
  if (isMention) return { isAddressed: true, reason: "the platform says that it was mentioned", ...holds };
  if (callsName(text, triggerName))
    return { isAddressed: true, reason: `it names @${triggerName}`, ...holds };
  if (triggerMode === "mention-sticky") return goOn(heard, triggerName);
  return { isAddressed: false, reason: `it does not name @${triggerName}` };
}

/** Whoever has called the assistant need not do so with each sentence, until he turns to somebody else or is silent. */
function goOn({ text, addressedUntil, answersOther, now }: Heard, name: string): Addressing {
  if (addressedUntil === undefined) return { isAddressed: false, reason: `it does not name @${name}` };
  const leftMs = addressedUntil - now;
  // A clock that was put back makes nobody's turn longer.
  if (leftMs <= 0 || leftMs > attentionMs) {
    const minutes = attentionMs / 60_000;
    return {
      isAddressed: false,
      reason: `it does not name @${name}, and the writer was silent for ${minutes} minutes`,
      attention: "ends",
    };
  }
  if (/^\s*(?:@[\p{L}\p{N}_]|<@)/u.test(text.replace(/\p{Cf}/gu, "").normalize("NFKC"))) {
    return { isAddressed: false, reason: "it begins with somebody else's name", attention: "ends" };
  }
  if (answersOther === true) return { isAddressed: false, reason: "it answers somebody else" };
  const seconds = Math.round((attentionMs - leftMs) / 1000);
  return {
    isAddressed: true,
    reason: `its writer called @${name} and goes on, ${seconds} s later`,
    attention: "holds",
  };
}
