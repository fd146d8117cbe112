import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { ImagePart } from "../image.ts";
import type { Log } from "../log.ts";

/** One account on one platform: what people write comes in, replies go out. Texts are plain; each channel formats them. */
export interface Channel {
  /** As in the configuration: `telegram`. */
  readonly name: string;
  readonly account: string;
  readonly traits: ChannelTraits;
  /**
   * Hands over what arrives until `signal` aborts, and then resolves. Rejects when the connection is lost: it is started
   * again. Nothing is acknowledged to the platform before `receive` has resolved.
   */
  start(receiver: Receiver, signal: AbortSignal): Promise<void>;
  /** Sends or says why not; never rejects for what the platform or the network does. */
  send(chat: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult>;

  readonly edit?: EditCapability;
  readonly typing?: TypingCapability;
  readonly react?: ReactCapability;
  readonly ask?: AskCapability;
  readonly threads?: ThreadCapability;
  readonly history?: HistoryCapability;
  readonly files?: FileCapability;
  readonly stream?: StreamCapability;
  readonly format?: FormatCapability;
}

export interface ChannelTraits {
  /** The platform proves who wrote: only then can someone here be the owner. */
  readonly authenticatesSenders: boolean;
  /** The platform knows a reply by its key: sent twice, it appears once. */
  readonly isIdempotent: boolean;
  /** A longer text is sent as several replies. */
  readonly maxCharacters: number;
  /** A reply is there to be fetched, and reaches nobody by itself. */
  readonly isFetched?: boolean;
  /** Also in a private chat a reply belongs to the message that it answers, and is told which. */
  readonly isThreaded?: boolean;
}

export interface Receiver {
  /** Resolves when the message is on disk. Rejects when it could not be written: then it must come again. */
  receive(message: IncomingMessage): Promise<Receipt>;
  /** The connection stands. May be said again after each reconnect. */
  connected(): void;
  /** The platform gave a chat another id: what belongs to it goes along. Resolves when that is on disk. */
  moved?(chat: string, to: string): Promise<void>;
}

export interface IncomingMessage {
  readonly chat: string;
  /** Unique in the chat; the same again is a redelivery. */
  readonly id: string;
  readonly sender: IncomingSender;
  readonly text: string;
  readonly images?: readonly ImagePart[];
  readonly isPrivate: boolean;
  readonly title?: string;
  /** The platform says that we are meant: a mention, or an answer to what we wrote. */
  readonly isMention?: boolean;
  /** By the platform's clock, epoch milliseconds. */
  readonly sentAt?: number;
  /** The group that a chat of the owner's asks for. */
  readonly group?: string;
  /** What it answers, as the platform shows it. */
  readonly quote?: IncomingQuote;
  /** Sent along; fetched when a turn begins, through `files`. */
  readonly files?: readonly IncomingFile[];
  /** What was sent that is no words (a place, a contact, a poll, a sticker), told in words. */
  readonly note?: string;
  /** Another message of the chat, whose words these now are. */
  readonly editOf?: string;
  /** A button under one of our replies was pressed; the text is what stands on it. */
  readonly press?: IncomingPress;
  /** Somebody's sign under a message, ours or another's; the text is the sign. */
  readonly reactionTo?: string;
  /** Written by a program. */
  readonly isFromBot?: boolean;
}

export interface IncomingQuote {
  readonly text: string;
  readonly from?: string;
  /** The platform's id of it. */
  readonly message?: string;
}

export interface IncomingFile {
  /** What `files.fetch` understands, as long as the platform keeps it. */
  readonly reference: string;
  readonly kind: "photo" | "voice" | "audio" | "video" | "document";
  /** As the sender called it: untrusted. */
  readonly name?: string;
  readonly mediaType?: string;
  readonly bytes?: number;
}

export interface IncomingPress {
  /** The key of the reply with the buttons. */
  readonly reply: string;
  /** Which of its options, from 0. */
  readonly option: number;
}

export interface IncomingSender {
  /** Immutable. */
  readonly id: string;
  readonly name?: string;
  /** A name that the platform has proven and that nobody else has now, without the @. It may be another's later. */
  readonly uniqueName?: string;
  /** Holds the secret of the installation's owner: true only where the channel has checked it. */
  readonly isOwner?: boolean;
}

export type Receipt =
  | { readonly type: "accepted"; readonly message: number }
  /** It had come before. */
  | { readonly type: "known"; readonly message: number }
  | { readonly type: "declined"; readonly reason: string };

export interface OutgoingReply {
  /** Its number in the outbox; they grow. */
  readonly id: number;
  /** The same for every try. */
  readonly key: string;
  readonly text: string;
  /** What `format` made of it when it was written; without it the text is Markdown. */
  readonly format?: string;
  /** In a chat of several, or where the channel is threaded: the message that it answers, by its id there. */
  readonly answers?: string;
  /** To be seen letter by letter, as a card of a request is: no mark in it means anything. */
  readonly isLiteral?: boolean;
}

/** What became of a send. */
export type SendResult =
  | { readonly type: "sent"; readonly platformId?: string }
  /** Nothing has left: it may be tried again. */
  | { readonly type: "not-sent"; readonly reason: string }
  /** The platform said no, and would say it again. */
  | { readonly type: "refused"; readonly reason: string }
  | {
      readonly type: "wait";
      readonly ms: number;
      /** Who has to wait. */
      readonly scope: "chat" | "account";
      readonly reason: string;
    }
  /** Something has left and no answer came. */
  | { readonly type: "unknown"; readonly reason: string };

export interface EditCapability {
  /** Each edit is a message of its own that everybody gets: an answer is not shown as it grows. */
  readonly isCostly?: boolean;
  edit(chat: string, platformId: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult>;
}

export interface TypingCapability {
  /** Shows that work goes on, for as long as the platform shows it; a failure is of no consequence. */
  show(chat: string, signal: AbortSignal): Promise<void>;
  readonly everyMs: number;
}

export interface ReactCapability {
  react(chat: string, message: string, emoji: string, signal: AbortSignal): Promise<SendResult>;
}

export interface AskCapability {
  ask(
    chat: string,
    reply: OutgoingReply,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<SendResult>;
}

export interface ThreadCapability {
  sendInThread(chat: string, message: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult>;
}

/** For a platform whose messages are shorter or look otherwise than Markdown: a reply is cut and formatted when it is written. */
export interface FormatCapability {
  /** At least one piece; each is a reply of its own. Never throws. */
  toPieces(markdown: string): readonly FormattedPiece[];
}

export interface FormattedPiece {
  /** As it will be read. */
  readonly text: string;
  /** For the channel that made it, and nobody else. */
  readonly format: string;
}

export interface HistoryCapability {
  /**
   * Whether this reply stands in the chat, after a send of which nobody knows; undefined where the platform will not say. Rejects
   * when that cannot be found out now.
   */
  has(
    chat: string,
    reply: Pick<OutgoingReply, "key" | "answers">,
    signal: AbortSignal,
  ): Promise<boolean | undefined>;
}

export interface FileCapability {
  /** At most so much is taken, in either direction. */
  readonly maxBytes: number;
  /** Clients fetch what was sent to them: it must stay for a while. */
  readonly isFetched?: boolean;
  /** The bytes of what was sent. Rejects with `AppError`: gone, too large, not to be had now. */
  fetch(reference: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** The text of the reply stands below the file. */
  send(chat: string, reply: OutgoingReply, file: OutgoingFile, signal: AbortSignal): Promise<SendResult>;
}

export interface OutgoingFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface StreamCapability {
  /** Whether anybody reads along in the chat now. Where nobody does, `show` need be told no more than the type of an event. */
  isHeard(chat: string): boolean;
  /** What happens in the turn that answers the chat, as it happens. Nothing of it need arrive. */
  show(chat: string, event: { readonly type: string }): void;
}

/** What a channel is made with. */
export interface ChannelSetting {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly memory: ChannelMemory;
  readonly program: ProgramParts;
  /** What may be offered to whoever types a slash. */
  readonly menu: readonly MenuEntry[];
  /** Of the gateway's one server. What is registered here goes when the channel is stopped. */
  readonly addRoute: (route: ChannelRoute) => void;
  /** What a chat was sent after a reply, in order: for clients that fetch. */
  readonly readReplies: (chat: string, after: number, limit: number) => Promise<readonly StoredReply[]>;
  /** What a message was answered; nothing while it waits. By its number in the inbox. */
  readonly readAnswers: (message: number) => Promise<readonly StoredReply[]>;
  /** The file of a reply that was sent through this channel, while it is kept. */
  readonly readFile: (reply: number) => Promise<OutgoingFile | undefined>;
}

/** A command of chats. All of it works typed out as well. */
export interface MenuEntry {
  /** Without its slash: small letters. */
  readonly name: string;
  readonly says: string;
  /** What may stand behind it: `NAME`. */
  readonly takes?: string;
}

/** What a channel has to remember across restarts, by a short name. */
export interface ChannelMemory {
  read(name: string): Promise<string | undefined>;
  /** Resolves when it is on disk. */
  write(name: string, value: string): Promise<void>;
  /** All whose names begin so. */
  readAll(head: string): Promise<ReadonlyMap<string, string>>;
  /** All of it or nothing; an absent value is forgotten. Resolves when it is on disk. */
  change(values: ReadonlyMap<string, string | undefined>): Promise<void>;
}

/** For what must not run in the gateway itself: how this program is started once more, and where plugins lie. */
export interface ProgramParts {
  readonly command: readonly string[];
  readonly plugins: string;
}

export interface StoredReply {
  readonly id: number;
  readonly text: string;
  readonly kind: "answer" | "notice";
  readonly at: Date;
  /** The id of the message that it answers, as it came. */
  readonly answers: string | undefined;
  /** Of a question; what one of them says is the answer. */
  readonly options?: readonly string[];
  readonly file?: Omit<OutgoingFile, "bytes"> & { readonly size: number };
}

export interface ChannelRoute {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What a caller does there: `authorize()` is asked before the handler is. */
  readonly purpose: "send" | "read";
  handle(request: Request, signal: AbortSignal): Promise<Response>;
}

export type CreateChannel = (setting: ChannelSetting) => Channel;
