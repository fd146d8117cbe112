import type { OpenConversation } from "../turns/conversation.ts";
import type { MessageStory } from "../gateway/message-story.ts";
import type { KnownModel } from "../providers/known-models.ts";
import type { UsageReport } from "../sessions/read-usage.ts";
import type { SessionContent } from "../sessions/session-shelf.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import type { GroupSettings } from "../store/group-settings.ts";
import type { SessionSummary } from "../store/session-list.ts";
import type { ChannelReport } from "./read-channels.ts";

/** What the commands need of the parts below, handed in by `main.ts`. Nothing is opened before it is asked for. */
export interface Services {
  readonly openConversation: OpenConversation;
  readonly groups: GroupDirectory;
  readonly messages: MessageDirectory;
  /** What can be undone in a group, `main` by default. */
  openUndo(group: string | undefined, signal: AbortSignal): Promise<UndoService & AsyncDisposable>;
  readStatus(signal: AbortSignal): Promise<StatusReport>;
  /** Where the prompt keeps what was typed. */
  historyPath(): string;
  /** The models that can be had without another key, the configured one first. */
  listModels(signal: AbortSignal): Promise<readonly KnownModel[]>;
  /** The first screen; says in a sentence what was chosen. Throws `AppError("cancelled")` and then changes nothing. */
  logIn(signal: AbortSignal): Promise<string>;
  /** The conversations of a group, without opening one. Throws `AppError("not-found")` for an unknown group. */
  openPast(group: string | undefined, signal: AbortSignal): Promise<PastShelf>;
}

/** A group's conversations; holds the store open. */
export interface PastShelf extends AsyncDisposable {
  list(): Promise<readonly SessionSummary[]>;
  read(session: string): Promise<SessionContent>;
  name(session: string, name: string): Promise<SessionSummary>;
  usage(): Promise<UsageReport>;
}

export interface GroupDirectory {
  list(signal: AbortSignal): Promise<readonly GroupSummary[]>;
  /** Throws `AppError("not-found")` with the nearest. */
  describe(name: string, signal: AbortSignal): Promise<GroupDescription>;
  /** Throws `AppError`: a name that is not allowed or is taken, no such template. */
  add(name: string, template: string | undefined, signal: AbortSignal): Promise<GroupSummary>;
}

export interface MessageDirectory {
  /** The last one first. */
  list(
    options: { readonly onlyDead: boolean; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly MessageSummary[]>;
  /** Throws `AppError`: there is none of that number, or it was not set aside. */
  redrive(message: number, signal: AbortSignal): Promise<{ readonly isAnsweredNow: boolean }>;
  tell(message: number, signal: AbortSignal): Promise<MessageStory>;
}

export interface MessageSummary {
  readonly id: number;
  readonly at: Date;
  readonly state: string;
  readonly chat: string;
  readonly group?: string;
  readonly reason?: string;
}

export interface GroupSummary {
  readonly name: string;
  readonly folder: string;
  readonly createdAt: Date;
  readonly sessions: number;
  readonly entries: number;
  readonly chats: number;
}

export interface GroupDescription extends GroupSummary {
  readonly settings: GroupSettings;
  readonly chatList: readonly {
    readonly id: number;
    readonly channel: string;
    readonly title: string;
    readonly isPrivate: boolean;
  }[];
}

/** Tolerant by design: a part that could not be read is absent and has its line in `problems`. */
export interface StatusReport {
  readonly home: string;
  readonly config: {
    readonly path: string;
    readonly state: "found" | "absent" | "invalid";
  };
  readonly model?: string;
  readonly providers?: readonly ProviderStatus[];
  readonly sandbox?: {
    readonly name: string;
    readonly isAvailable: boolean;
    /** Facts about it, or why it is not available and what to do. */
    readonly notes: readonly string[];
  };
  readonly groups?: readonly string[];
  /** Those in which people write, as the gateway says. */
  readonly channels?: readonly ChannelReport[];
  /** The end of the audit log: what comes later must go on from there. */
  readonly audit?: string;
  readonly problems: readonly string[];
}

export interface ProviderStatus {
  readonly label: string;
  readonly isSet: boolean;
  /** The one that the model in use goes to. */
  readonly isChosen: boolean;
  /** An address without credentials, or where the key was found. Never a key or a part of one. */
  readonly note?: string;
}
