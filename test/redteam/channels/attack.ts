import type { SourceEdit } from "../arena/attack-case.ts";

/** What somebody tries by way of a chat app, and the control without which he succeeds. */
export interface ChannelAttack {
  /** What he wants. */
  readonly attack: string;
  readonly switchOff: {
    /** What does not hold any more. */
    readonly without: string;
    readonly edits: readonly SourceEdit[];
  };
  /** Whether he has it. */
  readonly attempt: () => Promise<boolean>;
}
