import type { SessionPlace } from "../sessions/session-place.ts";
import type { Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import type { Message } from "../store/messages.ts";
import type { Person } from "../store/people.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { ChatDesk } from "./chat-desk.ts";

/** What a command knows of where it was written, and may do there. The place holds who wrote it, not the owner. */
export interface ChatCommandContext extends SessionPlace {
  readonly argument: string;
  readonly message: Message;
  readonly chat: Chat;
  readonly person: Person;
  readonly phrases: Phrases;
  readonly desk: ChatDesk;
  /** Ends what runs in the group; nothing begins there before `meanwhile` is over. */
  readonly stop: (meanwhile: (wasRunning: boolean) => Promise<void>) => Promise<void>;
  readonly isAtWork: () => boolean;
  /** The answer and the end of the command, in the transaction of its effect. False: both were written before. */
  answer(tx: Transaction, text: string): Promise<boolean>;
}

/** Throws `AppError` for what it foresaw; the chat is told. Resolves when it has been answered. */
export type RunChatCommand = (context: ChatCommandContext, signal: AbortSignal) => Promise<void>;
