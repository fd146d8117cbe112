import type { Config } from "../config.ts";
import type { Secret } from "../secret.ts";
import type { ChannelMemory, ProgramParts } from "./channel.ts";

/** How a channel comes to be whose account is somebody's telephone: it is linked with it, and no token is brought. */
export interface ChannelLinking {
  /** Under which the key of what is kept of the link stands with the other secrets, and the configuration points to it. */
  readonly secretName: string;
  /** What must be known before one begins. */
  readonly warning: string;
  /** What to do on the telephone: with a picture that is scanned, or with a code that is typed. */
  readonly steps: { readonly picture: string; readonly code: string };
  /** The package that it needs, as `plugins add` takes it, and what its licences ask for. */
  readonly plugin: {
    readonly name: string;
    readonly version: string;
    readonly licences: string;
    /** All packages of it, each by its hash: nothing else is taken. */
    readonly lock: string;
  };
  /** Shows what there is to scan or to type, again and again while nobody does. Throws `AppError`: nobody did, or it was refused. */
  link(
    place: LinkPlace,
    show: (sign: LinkSign) => Promise<void>,
    signal: AbortSignal,
  ): Promise<LinkedAccount>;
}

export interface LinkPlace {
  readonly config: Config;
  readonly memory: ChannelMemory;
  readonly program: ProgramParts;
  /** Made for this link. */
  readonly key: Secret;
  /** Linked by a code that is typed on this telephone. */
  readonly phone?: string;
}

export type LinkSign =
  | { readonly type: "picture"; readonly text: string }
  | { readonly type: "code"; readonly code: string };

export interface LinkedAccount {
  /** As people find it there: `+4915112345678`. */
  readonly address: string;
  /** How to talk with the assistant from now on. */
  readonly says: string;
}
