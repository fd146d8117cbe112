import type { AgentEvent, Emit } from "../agent/events.ts";
import type { ApprovalFacts } from "../approvals/approval-facts.ts";
import type { ApprovalAnswer } from "../store/approvals.ts";
import type { ImagePart } from "../image.ts";
import type { Taint } from "../authority/taint.ts";
import type { Log } from "../log.ts";
import type { Usage } from "../providers/provider.ts";
import type { Thinking } from "../providers/thinking.ts";
import type { Compaction } from "../sessions/compact-session.ts";
import type { PersonFiles } from "../sessions/person-files.ts";
import type { UsageReport } from "../sessions/read-usage.ts";
import type { SessionContent } from "../sessions/session-shelf.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import type { MessageId } from "../store/ids.ts";
import type { SessionSummary } from "../store/session-list.ts";
import type { ToolOutcome } from "../tools/tool-runner.ts";

/** One person's talk with one group's assistant, whatever carries it. */
export interface Conversation extends AsyncDisposable {
  readonly group: string;
  /** Runs one turn; events go to `emit`; resolves with the last one. Never rejects for what the model, the network or `signal` does. */
  send(
    message: string | PersonMessage,
    emit: Emit,
    signal: AbortSignal,
    options?: SendOptions,
  ): Promise<TurnEnd>;
  startNewSession(): Promise<void>;
  describe(): Promise<ConversationStatus>;
  /** Returns what is now in use, what the configuration says without a name; throws `AppError` for an unknown one. */
  chooseModel(model: string | undefined): Promise<string>;
  /** What can be undone in the group's folders. Not while a turn runs. */
  undo?(): Promise<UndoService>;
  /** Hears where it is carried on, when that changes. */
  onMove?(hear: (place: ConversationPlace) => void): void;
  /** What was said before. */
  readonly past?: ConversationPast;
  /** What the person can do beside the assistant, with its files and tools. */
  readonly hands?: ConversationHands;
  /** What waits for the owner's yes, in any group. */
  readonly approvals?: ConversationApprovals;
}

/** `stays`: a gateway has started, which would answer with another model. */
export type ConversationPlace = "gateway" | "alone" | "stays";

export interface SendOptions {
  /** In place of the last turn: the store keeps both, the model sees this one. */
  readonly replacesLast?: boolean;
  /** Takes what the person wrote since the turn began; asked at every step boundary. */
  readonly takeJoining?: (signal: AbortSignal) => Promise<readonly PersonMessage[]>;
}

/** Words, and the pictures beside them. */
export interface PersonMessage {
  readonly text: string;
  readonly images?: readonly ImagePart[];
  /** Of what in it is not the person's own words; clean by default. */
  readonly taint?: Taint;
  /** Its row, when it came through a chat. */
  readonly inbox?: MessageId;
}

/** Each throws `AppError` for what it foresaw. A session is named by its name or its number. */
export interface ConversationPast {
  /** What the last turn was asked, if the model still sees it. */
  lastMessage(): Promise<PersonMessage | undefined>;
  list(): Promise<readonly SessionSummary[]>;
  read(session: string): Promise<SessionContent>;
  /** From now on this conversation, and the group's other chats, go on with that session. */
  resume(session: string): Promise<SessionSummary>;
  /** Names the session of this conversation. */
  name(name: string): Promise<SessionSummary>;
  compact(keep: string, signal: AbortSignal): Promise<Compaction>;
  usage(): Promise<UsageReport>;
}

/** Each throws `AppError` for what it foresaw. */
export interface ConversationApprovals {
  list(): Promise<readonly ApprovalFacts[]>;
  find(id: number): Promise<ApprovalFacts>;
  /** `isHere`: `carryOut` of this conversation does what it allowed; otherwise a gateway does. */
  decide(id: number, answer: ApprovalAnswer): Promise<{ readonly isHere: boolean; readonly group: string }>;
  /** A turn over what was allowed and waits to be done. Undefined: there is nothing of the kind. */
  carryOut(emit: Emit, signal: AbortSignal): Promise<TurnEnd | undefined>;
}

export interface ConversationHands {
  tools(): Promise<readonly ToolSummary[]>;
  /** Runs a command in the group's sandbox; the model sees it and its output with the next message. */
  run(command: string, emit: Emit, signal: AbortSignal): Promise<ToolOutcome>;
  readonly files: PersonFiles;
}

export interface ToolSummary {
  readonly name: string;
  readonly description: string;
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
  /** How hard the model thinks, likewise. */
  readonly thinking?: Thinking;
  /** What the person shared on the command line, for this conversation. */
  readonly folders: readonly SharedFolder[];
  /** Where the person stands: the folder that may be shared when they say so. */
  readonly currentFolder: string;
  /** Asks the person about a folder. Absent where nobody can answer: then nothing is shared that was not named. */
  readonly askAboutFolder?: AskAboutFolder;
  /** Content that is not the owner's own words goes into the first message. */
  readonly sawUntrusted: boolean;
  /** It goes over to a gateway that starts meanwhile, and goes on by itself when that ends. */
  readonly isLasting?: boolean;
  readonly log: Log;
}

export type FolderAnswer = "read" | "write" | "none";

/** Rejects with `signal.reason`, or with a `cancelled` error when the person pressed Ctrl-C. */
export type AskAboutFolder = (path: string, signal: AbortSignal) => Promise<FolderAnswer>;

export type OpenConversation = (options: ConversationOptions, signal: AbortSignal) => Promise<Conversation>;
