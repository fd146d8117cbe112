import type { Config } from "../config.ts";
import type { Clock } from "../clock.ts";
import type { Secret } from "../secret.ts";
import type { ChannelMemory } from "./channel.ts";

/** How a channel comes to be: what the owner does there, what he brings back, and whether it works. */
export interface ChannelSetup {
  /** What the configuration has to know before, asked at a terminal. */
  readonly questions?: readonly SetupQuestion[];
  /** Asked for one after the other; at least one. */
  readonly secrets: readonly SetupSecret[];
  /** Asks the platform, now. Throws `AppError`: a token is refused, or nobody answers. */
  check(place: SetupPlace, signal: AbortSignal): Promise<CheckedAccount>;
  /** What of its part of the configuration goes with it, beside its tokens. */
  readonly removes?: readonly string[];
}

/** The channel's part of the configuration, as it stands. */
export type SetupPart = Readonly<Record<string, unknown>>;

export interface SetupQuestion {
  /** What stands before what is typed. */
  ask(part: SetupPart): string;
  /** What it makes of the part; nothing was typed where the text is empty. Throws `AppError("usage")`. */
  parse(text: string, part: SetupPart): SetupPart;
}

export interface SetupSecret {
  /** Under which it is kept with the other secrets, and the configuration points to it: `TELEGRAM_BOT_TOKEN`. */
  readonly name: string;
  /** Where that stands in the channel's part of the configuration: `token`. */
  readonly key: string;
  /** What is typed, in the question: `Token`. */
  readonly label: string;
  /** What he does there before he has it, step by step. */
  readonly steps: string;
  /** Of what was pasted. Throws `AppError("usage")` for what can be none. */
  parse(text: string): Secret;
}

export interface SetupPlace {
  /** With the secrets in the channel's part. */
  readonly config: Config;
  readonly clock: Clock;
}

export interface CheckedAccount {
  /** As people find it there: `@nano_bot`. */
  readonly address: string;
  readonly name: string;
  /** What the owner should know of how it is set up there. */
  readonly notes: readonly SetupNote[];
  /** How he makes himself known to it with a code. Absent: nobody is known there. */
  readonly toInvitation?: (code: string) => Invitation;
  /** From now on nothing that is written to it is taken for old. */
  begin(memory: ChannelMemory, signal: AbortSignal): Promise<void>;
}

export interface SetupNote {
  /** For programs: `sees-all`. */
  readonly name: string;
  readonly says: string;
}

export interface Invitation {
  /** Also drawn, to be scanned. */
  readonly link: string;
  /** What to do with the link. */
  readonly says: string;
  /** What to do then, where the link does not hold the code. */
  readonly thenSays?: string;
}
