import type { Channel } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import { toMidnight } from "../midnight.ts";
import { findChatById, type ChatAddress } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import type { Group } from "../store/groups.ts";
import type { ChatId, MessageId, TurnId } from "../store/ids.ts";
import {
  claimMessages,
  endMessage,
  endMessages,
  listEntered,
  releaseMessages,
  type Message,
  type MessageEnd,
} from "../store/messages.ts";
import { addReply, findDraft, finishDraft, type NewReply, type Reply } from "../store/replies.ts";
import { recordOverheard, type Overheard } from "../hearing/gather.ts";
import type { Session } from "../store/sessions.ts";
import type { Store } from "../store/store.ts";
import { findUnansweredTurns, withdrawTurns } from "../store/unanswered-turns.ts";
import type { TurnError } from "../agent/events.ts";
import type { Asked, TurnRecord } from "../turns/begin-turn.ts";
import type { Saying } from "../words/define-words.ts";
import type { ChatSpeech } from "../outgoing/chat-speech.ts";
import { toPersonMessage } from "./chat-words.ts";
import type { TurnEnd } from "../turns/conversation.ts";
import type { OwnerNotices } from "../notices/owner-notices.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";
import { isShutdown } from "./shutdown.ts";
import { toPieces } from "./reply-pieces.ts";

export interface ChatRecordOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly group: Group;
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  readonly speech: ChatSpeech;
  /** A conversation that the model could not take whole is summed up and asked again. */
  readonly mayBeShortened?: boolean;
  readonly filter: OutgoingFilter;
  /** Of the turn: its reason tells a stop from the end of the gateway. */
  readonly signal: AbortSignal;
  readonly notices?: OwnerNotices;
  /** Asked by itself, after turns over it and others had failed. */
  readonly isApart?: boolean;
  /** These messages were answered before; what the owner allowed for them meanwhile goes on. */
  readonly isContinuation?: boolean;
}

/** `done`: every message of it has its end. `later`: they wait again, `apart` each by itself. `lost`: nobody knows what was written. */
export type Outcome = "done" | "later" | "apart" | "lost";

interface Verdict {
  /** Undefined: they wait again. */
  readonly end: Omit<MessageEnd, "now"> | undefined;
  readonly answer?: string;
  /** With a key of its own it is told once under that, and not with each turn. */
  readonly notice?: { readonly text: string; readonly isOnce?: boolean; readonly key?: string };
  /** Nobody gets an answer until the owner does something about it. */
  readonly ailment?: TurnError;
}

/** Trying again mends none of them. */
const deadKeys: ReadonlySet<string> = new Set(["no-key", "provider-auth", "provider-quota"]);

/** What may be the fault of something that was said: of one message among several. */
const faultsOfWords: ReadonlySet<string> = new Set([
  "provider-refused",
  "provider-failed",
  "too-long",
  "bug",
]);

/** As long as the network or the model may be away before a message is given up. */
const patienceMs = 24 * 60 * 60_000;

/**
 * What is written with a turn over messages of chats: that it has them, and, with its end, what becomes of them and what
 * each chat is sent. The end of the turn, the end of the messages and the replies are one transaction.
 */
export class ChatRecord implements TurnRecord {
  readonly #options: ChatRecordOptions;
  readonly #batch: readonly Message[];
  readonly #overheard: Overheard;
  readonly #expected = new Map<MessageId, Message>();
  readonly #joined: Message[] = [];
  /** Chats that are written to beside those that are answered. */
  readonly #told = new Set<ChatId>();
  #turn: TurnId | undefined;
  /** Nothing of what is asked was said in an earlier turn. */
  #hasAllWords = true;
  #written: { readonly end: TurnEnd; readonly outcome: Outcome } | undefined;

  constructor(batch: readonly Message[], overheard: Overheard, options: ChatRecordOptions) {
    this.#batch = batch;
    this.#overheard = overheard;
    this.#options = options;
  }

  get personKind(): string {
    return this.#batch[0]?.personKind ?? "stranger";
  }

  get isApart(): boolean {
    return this.#options.isApart === true;
  }

  /** The chats that are answered, each with the last message that it is answered for. */
  readonly chats = (): ReadonlyMap<ChatId, Message> =>
    new Map([...this.#batch, ...this.#joined].map((message) => [message.chat, message]));

  /** All chats for which something was written. */
  get wakes(): ReadonlySet<ChatId> {
    return new Set([...this.chats().keys(), ...this.#told]);
  }

  has(id: MessageId): boolean {
    return this.#expected.has(id) || this.#batch.some((message) => message.id === id);
  }

  /** It is about to join. */
  expect(message: Message): void {
    this.#expected.set(message.id, message);
  }

  async begin(tx: Transaction, turn: TurnId, session: Session): Promise<Asked> {
    if (this.#options.isContinuation === true) {
      this.#turn = turn;
      return { fresh: undefined, isResumed: false };
    }
    const entered = await listEntered(tx, this.#batch, session.id);
    const ids = (messages: readonly Message[]): MessageId[] => messages.map(({ id }) => id);
    await claimMessages(tx, ids(this.#batch), turn);
    this.#turn = turn;
    const fresh = this.#batch.filter(({ id }) => !entered.has(id));
    this.#hasAllWords = entered.size === 0;
    // Where nothing new is said to the model it waits for the next turn.
    if (fresh.length > 0) {
      const now = this.#options.clock.now();
      await recordOverheard(tx, this.#overheard, { group: this.#options.group.id, turn, now });
    }
    return {
      fresh: fresh.length === 0 ? undefined : await toPersonMessage(tx, fresh, this.#overheard),
      isResumed: fresh.length < this.#batch.length,
    };
  }

  async join(tx: Transaction, turn: TurnId, id: MessageId): Promise<void> {
    await claimMessages(tx, [id], turn);
    const message = this.#expected.get(id);
    if (message !== undefined && !this.#joined.includes(message)) this.#joined.push(message);
  }

  async end(tx: Transaction, turn: TurnId, end: TurnEnd): Promise<void> {
    const verdict = this.#judge(end);
    const now = this.#options.clock.now();
    if (await this.#setApart(tx, turn, verdict, end.error?.code)) {
      await releaseMessages(tx, turn);
      this.#written = { end, outcome: "apart" };
      return;
    }
    if (verdict.end === undefined) await releaseMessages(tx, turn);
    else await endMessages(tx, turn, { ...verdict.end, now });
    await this.#reply(tx, verdict, `t${turn}`, now);
    this.#written = { end, outcome: verdict.end === undefined ? "later" : "done" };
  }

  /** After the turn: what has become of the messages. Ends those of a turn that never began. */
  async settle(end: TurnEnd): Promise<Outcome> {
    if (this.#written?.end === end) return this.#written.outcome;
    const isOfDisk = end.error?.code === "store";
    if (this.#turn !== undefined || isOfDisk) return "lost";
    const verdict = this.#judge(end);
    const { store, clock } = this.#options;
    await store.database.transaction(async (tx) => {
      const now = clock.now();
      const { end: messageEnd } = verdict;
      if (messageEnd !== undefined) {
        for (const { id } of this.#batch) await endMessage(tx, id, { ...messageEnd, now });
      }
      await this.#reply(tx, verdict, `m${this.#batch[0]?.id}`, now);
    });
    return verdict.end === undefined ? "later" : "done";
  }

  #judge(end: TurnEnd): Verdict {
    const { signal, speech, clock, isContinuation = false } = this.#options;
    switch (end.reason) {
      case "done":
        // Said by a tool already, where there are no words.
        return {
          end: { state: "answered", reason: undefined },
          ...(end.text.trim() === "" ? {} : { answer: end.text }),
        };
      case "limit":
        return { end: { state: "answered", reason: "stopped at a limit" }, ...this.#toLimited(end.text) };
      case "aborted":
        if (isShutdown(signal.reason)) return { end: undefined };
        return { end: { state: "declined", reason: "stopped" }, ...this.#toCut(end.text) };
      case "error": {
        const problem = end.error ?? { code: "bug", message: "" };
        const reason = problem.message;
        const oldest = this.#batch[0]?.receivedAt.getTime() ?? 0;
        if (!isContinuation && problem.code === "network" && clock.now() - oldest < patienceMs) {
          const text = speech.phrases.waiting({ problem: this.#say(problem) });
          return { end: undefined, notice: { text, isOnce: true } };
        }
        if (problem.code === "too-long" && this.#options.mayBeShortened === true) return { end: undefined };
        // Told once a day in each chat: until midnight nothing changes about it.
        if (problem.code === "budget") {
          const text = speech.phrases.overBudget({ problem: this.#say(problem) });
          const key = `budget:${this.#options.group.id}:${toMidnight(clock.now())}`;
          return { end: { state: "declined", reason }, ...this.#toCut(end.text), notice: { text, key } };
        }
        const text = speech.phrases.failed({ problem: this.#say(problem) });
        const state = problem.code === "denied" ? "declined" : "failed";
        const ailment = deadKeys.has(problem.code) ? { ailment: problem } : {};
        return { end: { state, reason }, ...this.#toCut(end.text), notice: { text }, ...ailment };
      }
      default:
        return end.reason satisfies never;
    }
  }

  /**
   * Where several things were said and one of them may be to blame, each is tried by itself: true. What failed by itself as well
   * is shown to no model any more, or every later turn would fail over it.
   */
  async #setApart(
    tx: Transaction,
    turn: TurnId,
    { end }: Verdict,
    code: TurnError["code"] = "bug",
  ): Promise<boolean> {
    const { isContinuation = false, isApart = false } = this.#options;
    if (end?.state !== "failed" || isContinuation || !faultsOfWords.has(code)) return false;
    const turns = await findUnansweredTurns(tx, turn, this.#hasAllWords);
    if (turns === undefined) return false;
    const isCrowd = turns.length > 1 || this.#batch.length + this.#joined.length > 1;
    if (isCrowd || isApart) await withdrawTurns(tx, turns);
    return isCrowd && !isApart;
  }

  /** What to type or set is for the owner; others learn what is wrong, and who can help. */
  #say(problem: Saying): string {
    const { speech } = this.#options;
    return this.personKind === "owner"
      ? speech.say(problem)
      : `${speech.sayShort(problem)}\n${speech.phrases.ownerCanHelp}`;
  }

  #toLimited(text: string): Pick<Verdict, "answer" | "notice"> {
    const { limit, limitWithoutAnswer } = this.#options.speech.phrases;
    return text.trim() === "" ? { notice: { text: limitWithoutAnswer } } : { answer: `${text}\n\n${limit}` };
  }

  #toCut(text: string): { readonly answer?: string } {
    return text === "" ? {} : { answer: `${text}\n\n${this.#options.speech.phrases.cut}` };
  }

  async #reply(
    tx: Transaction,
    { end, answer, notice, ailment }: Verdict,
    key: string,
    now: number,
  ): Promise<void> {
    const { group, notices } = this.#options;
    const told: Reply[] = [];
    for (const [chat, { id: message }] of this.chats()) {
      const turn = this.#turn;
      const reply = { chat, group: group.id, message, now, ...(turn === undefined ? {} : { turn }) };
      if (answer !== undefined) await this.#addAnswer(tx, { ...reply, kind: "answer", text: answer, key });
      else if (end !== undefined) await this.#closeDraft(tx, chat, message);
      if (notice === undefined) continue;
      // Once for a message, however often it is tried: also across restarts.
      const noticeKey = notice.key ?? (notice.isOnce === true ? `w${this.#batch[0]?.id}` : `${key}n`);
      const fresh = { ...reply, kind: "notice", text: notice.text, key: `${noticeKey}c${chat}` } as const;
      const added = await addReply(tx, fresh);
      if (added !== undefined) told.push(added);
    }
    if (ailment !== undefined)
      await notices?.raiseIn(tx, { kind: "model", id: "chats", said: ailment }, told);
  }

  /** What was shown stays as it is: no later answer takes its place. */
  async #closeDraft(tx: Transaction, chat: ChatId, message: MessageId): Promise<void> {
    const draft = await findDraft(tx, chat);
    const turn = this.#turn;
    if (draft === undefined || turn === undefined) return;
    await finishDraft(tx, draft.id, { turn, message, text: draft.text });
  }

  /** Filtered whole: in one of its pieces nobody would know half of a secret again. */
  async #addAnswer(tx: Transaction, unfiltered: NewReply): Promise<void> {
    const { findChannel, filter } = this.#options;
    const filtered = await filter.filter(tx, unfiltered);
    const reply = { ...unfiltered, text: filtered.text };
    const { chat, turn, message } = reply;
    const address = await findChatById(tx, chat);
    const channel = address === undefined ? undefined : findChannel(address);
    const [first = { text: "" }, ...rest] = toPieces(reply.text, channel);
    const draft = turn === undefined || message === undefined ? undefined : await findDraft(tx, chat);
    if (draft !== undefined && turn !== undefined && message !== undefined) {
      await finishDraft(tx, draft.id, { turn, message, ...first });
    } else {
      await addReply(tx, { ...reply, key: `${reply.key}c${chat}`, ...first });
    }
    for (const [index, piece] of rest.entries()) {
      await addReply(tx, { ...reply, key: `${reply.key}c${chat}p${index + 2}`, ...piece });
    }
    const told = await filter.record(tx, unfiltered, filtered);
    if (told !== undefined) this.#told.add(told);
  }
}
