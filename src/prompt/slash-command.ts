import type { Candidate } from "../channels/terminal/completion.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { Conversation, PersonMessage, SendOptions } from "../turns/conversation.ts";
import type { ModelName } from "../slash/chat-desk.ts";
import type { SlashRow } from "../slash/table.ts";

/** A row of the table with what it does at the prompt. */
export interface SlashCommand extends Pick<SlashRow, "name" | "usage" | "aliases" | "isImmediate"> {
  readonly says: (slash: Phrases["slash"]) => string;
  /** Throws `AppError` for what it foresaw. */
  readonly run: (context: SlashContext, argument: string, signal: AbortSignal) => Promise<void>;
  /** What could stand behind it. */
  readonly complete?: (
    conversation: Conversation,
    context: CompletionContext,
  ) => Promise<readonly Candidate[]>;
}

export interface CompletionContext {
  readonly models: () => Promise<readonly ModelName[]>;
}

/** What a command may do with the prompt that it was typed at. */
export interface SlashContext extends CompletionContext {
  readonly conversation: Conversation;
  /** Where the person stands, and their home. */
  readonly folder: string;
  readonly home: string;
  readonly phrases: Phrases;
  readonly columns: () => number;
  /** A quiet sentence. */
  readonly say: (sentence: string) => Promise<void>;
  /** Lines of words, broken where the terminal ends. Sanitised by the caller. */
  readonly tell: (text: string) => Promise<void>;
  /** Text as it is, like what a tool gave. Sanitised by the caller. */
  readonly show: (text: string) => Promise<void>;
  /** A call's whole result; nothing where calls are not kept. Sanitised. */
  readonly unfold: (number: string) => string | undefined;
  /** What is going on, in the prompt's place. */
  readonly showBusy: (text: string) => Promise<void>;
  /** The next line that the person enters; the question, a few words, stands in the prompt's place. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string>;
  /** Runs a turn and shows it. */
  readonly send: (message: PersonMessage, options: SendOptions, signal: AbortSignal) => Promise<void>;
  /** Runs what was allowed meanwhile, in a turn that is shown. */
  readonly carryOut: (signal: AbortSignal) => Promise<void>;
  /** Text to change, where the person writes; false where that can't be. */
  readonly edit: (text: string) => boolean;
  /** Stops what runs; false when nothing does. */
  readonly stop: () => Promise<boolean>;
  readonly leave: () => void;
  /** The first screen; returns a sentence that says what was chosen. */
  readonly logIn: (signal: AbortSignal) => Promise<string>;
}
