import type { AgentEvent, Emit } from "../agent/events.ts";
import type { Log } from "../log.ts";
import type { Usage } from "../providers/provider.ts";
import type { UndoService } from "../snapshots/undo-service.ts";

/** One person's talk with one group's assistant, whatever carries it. */
export interface Conversation extends AsyncDisposable {
  readonly group: string;
  /** Runs one turn; events go to `emit`; resolves with the last one. Never rejects for what the model, the network or `signal` does. */
  send(text: string, emit: Emit, signal: AbortSignal): Promise<TurnEnd>;
  startNewSession(): Promise<void>;
  describe(): Promise<ConversationStatus>;
  /** Returns what is now in use; throws `AppError` for an unknown one. */
  chooseModel(model: string): Promise<string>;
  /** What can be undone in the group's folders. Not while a turn runs. */
  undo(): Promise<UndoService>;
}

export type TurnEnd = Extract<AgentEvent, { type: "turn-end" }>;

export interface ConversationStatus {
  readonly group: string;
  readonly session: string;
  readonly model: string;
  readonly provider: string;
  /** How many entries the session holds. */
  readonly entries: number;
  /** Of the session so far. */
  readonly usage: Usage;
  /** The runtime's name, or why there is none. */
  readonly sandbox: string;
  readonly sharedFolders: readonly SharedFolder[];
}

/** A folder of the host that the assistant may see. */
export interface SharedFolder {
  readonly path: string;
  readonly canWrite: boolean;
}

export interface ConversationOptions {
  /** `main` by default. */
  readonly group?: string;
  /** A session of its own, by name; the group's current one by default. */
  readonly session?: string;
  /** Instead of the configured model, for this conversation. */
  readonly model?: string;
  /** What the person shared on the command line, for this conversation. */
  readonly folders: readonly SharedFolder[];
  /** Where the person stands: the folder that may be shared when they say so. */
  readonly currentFolder: string;
  /** Asks the person about a folder. Absent where nobody can answer: then nothing is shared that was not named. */
  readonly askAboutFolder?: AskAboutFolder;
  /** Content that is not the owner's own words goes into the first message. */
  readonly sawUntrusted: boolean;
  readonly log: Log;
}

export type FolderAnswer = "read" | "write" | "none";

/** Rejects with `signal.reason`, or with a `cancelled` error when the person pressed Ctrl-C. */
export type AskAboutFolder = (path: string, signal: AbortSignal) => Promise<FolderAnswer>;

export type OpenConversation = (options: ConversationOptions, signal: AbortSignal) => Promise<Conversation>;
