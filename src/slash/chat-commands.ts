import { createChatActor } from "../authority/actor.ts";
import type { Clock } from "../clock.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Log } from "../log.ts";
import { findChatById, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { getGroupById, type Group } from "../store/groups.ts";
import type { ChatId, GroupId, MessageId } from "../store/ids.ts";
import { beginCommand, endCommand, type Message, type MessageEnd } from "../store/messages.ts";
import { findPerson, type Person } from "../store/people.ts";
import { addReply } from "../store/replies.ts";
import type { Store } from "../store/store.ts";
import type { Saying } from "../words/define-words.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { ChatCommandContext } from "./chat-command.ts";
import type { ChatDesk } from "./chat-desk.ts";
import { findChatRow, findNearestChatCommand } from "./chat-rows.ts";
import { readChatLine } from "./read-line.ts";

export interface ChatCommandsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: ChatDesk;
  readonly phrases: Phrases;
  readonly say: (problem: Saying) => string;
  /** As the chat's channel can carry them. */
  readonly split: (chat: Chat, text: string) => readonly string[];
  /** Something waits for the chat. */
  readonly wake: (chat: ChatId) => void;
  /** Ends what runs in the group; nothing begins there before `meanwhile` is over. */
  readonly stop: (group: GroupId, meanwhile: (wasRunning: boolean) => Promise<void>) => Promise<void>;
  readonly isAtWork: (group: GroupId) => boolean;
  /** Whether it is our own end that aborts a signal: then a command waits for the next process. */
  readonly isShutdown: (reason: unknown) => boolean;
  readonly log: Log;
}

/** A command over which the program ended so often is not tried again. */
const mostAttempts = 3;

/**
 * Commands that people write in chats, done outside of the model. The answer, the end of the command and, where it can
 * be, its effect are one transaction: whatever dies, each is answered once.
 */
export class ChatCommands {
  readonly #options: ChatCommandsOptions;
  readonly #running = new Map<MessageId, Promise<void>>();

  constructor(options: ChatCommandsOptions) {
    this.#options = options;
  }

  /** It waits for nothing, and nothing waits for it. */
  isImmediate({ command }: { readonly command?: string | undefined }): boolean {
    if (command === undefined) return false;
    const row = findChatRow(command);
    return row === undefined || row.isImmediate === true;
  }

  /** Resolves when it is answered on disk, or `signal` was aborted by our own end. Rejects when it cannot be written. */
  perform(message: Message, signal: AbortSignal): Promise<void> {
    const running = this.#running.get(message.id);
    if (running !== undefined) return running;
    const next = this.#perform(message, signal).finally(() => this.#running.delete(message.id));
    this.#running.set(message.id, next);
    return next;
  }

  async #perform(message: Message, signal: AbortSignal): Promise<void> {
    const { store, wake } = this.#options;
    const { database } = store;
    const { group: groupId, person: personId } = message;
    const chat = await findChatById(database, message.chat);
    const person = personId === undefined ? undefined : await findPerson(database, personId);
    if (chat === undefined || person === undefined || groupId === undefined) {
      throw new Error(`Nobody wrote command ${message.id}`);
    }
    const group = await getGroupById(database, groupId);
    await this.#run(message, { chat, person, group }, signal);
    wake(chat.id);
  }

  async #run(
    message: Message,
    { chat, person, group }: { readonly chat: Chat; readonly person: Person; readonly group: Group },
    signal: AbortSignal,
  ): Promise<void> {
    const { store, clock, phrases, say, log, isShutdown } = this.#options;
    const { database } = store;
    const place = { message, chat, group };
    const end = async (state: MessageEnd["state"], text: string, reason?: string): Promise<void> => {
      await database.transaction((tx) => this.#answer(tx, place, text, { state, reason, now: clock.now() }));
    };
    const row = findChatRow(message.command ?? "");
    const { triggerName } = await readGroupSettings(database, group.id);
    const line = readChatLine(message.body.text, triggerName);
    if (row === undefined) {
      const word = line?.word ?? "";
      const nearest = findNearestChatCommand(word);
      return await end("answered", phrases.chat.unknownCommand({ typed: `/${word}`, nearest }));
    }
    const command = `/${row.name}`;
    if (row.isImmediate !== true && (await this.#isTooOften(message))) {
      const text = phrases.chat.commandSetAside({ command, times: mostAttempts });
      return await end("dead", text, `the program ended ${mostAttempts} times while it was at work on it`);
    }
    try {
      const { chatDoings } = await import("./run-chat-command.ts");
      await chatDoings[row.name](this.#toContext(line?.argument ?? "", { ...place, person }), signal);
    } catch (error) {
      if (signal.aborted && isShutdown(signal.reason)) return;
      if (isCancelled(error)) return await end("declined", phrases.prompt.stopped, "stopped");
      if (!(error instanceof AppError)) {
        log.error("a command failed in a way nobody foresaw", { command: row.name, error });
        return await end("failed", say(explain(error)), "a bug");
      }
      if (error.code === "store") throw error;
      if (error.code === "denied") {
        return await end("declined", phrases.chat.forOwner({ command }), error.message);
      }
      await end("answered", say(explain(error)), error.message);
    }
  }

  async #isTooOften({ id }: Message): Promise<boolean> {
    const { database } = this.#options.store;
    return (await database.transaction((tx) => beginCommand(tx, id))) > mostAttempts;
  }

  #toContext(
    argument: string,
    place: Pick<ChatCommandContext, "message" | "chat" | "group" | "person">,
  ): ChatCommandContext {
    const { store, clock, desk, phrases, stop, isAtWork } = this.#options;
    const { message, person, group } = place;
    const { personKind } = message;
    return {
      ...place,
      store,
      clock,
      desk,
      phrases,
      argument,
      // As it was decided when it came: only one who was proven is an owner.
      actor: createChatActor(personKind, person, group.name, personKind === "owner"),
      stop: (meanwhile) => stop(group.id, meanwhile),
      isAtWork: () => isAtWork(group.id),
      answer: (tx, text) =>
        this.#answer(tx, place, text, { state: "answered", reason: undefined, now: clock.now() }),
    };
  }

  /** False: it was answered before. */
  async #answer(
    tx: Transaction,
    { message, chat, group }: { readonly message: Message; readonly chat: Chat; readonly group: Group },
    text: string,
    end: MessageEnd,
  ): Promise<boolean> {
    if (!(await endCommand(tx, message.id, end))) return false;
    // Sent again by command, it is answered anew.
    const name = `c${message.id}a${message.attempts}t${end.now}`;
    for (const [index, piece] of this.#options.split(chat, text).entries()) {
      const key = index === 0 ? name : `${name}p${index + 1}`;
      const reply = { key, chat: chat.id, group: group.id, message: message.id, text: piece, now: end.now };
      await addReply(tx, { ...reply, kind: "notice" });
    }
    return true;
  }
}
