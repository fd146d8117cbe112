import type { Channel, OutgoingReply, SendResult } from "../channels/channel.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { findChatById, type Chat, type ChatAddress } from "../store/chats.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { ChatId } from "../store/ids.ts";
import { findMessageAddress } from "../store/messages.ts";
import {
  endReply,
  findNextReply,
  listOpenChats,
  listSpooled,
  recoverReplies,
  retryReply,
  rewriteReply,
  startSending,
  type Reply,
} from "../store/replies.ts";
import { noticeWords } from "../words/english/notice.ts";
import { hideSecrets } from "../words/hide-secrets.ts";
import type { OwnerNotices } from "../notices/owner-notices.ts";
import { deliver } from "./deliver.ts";
import type { Spool } from "./spool.ts";
import { filterReply } from "../outgoing/filter-reply.ts";
import type { OutgoingFilter } from "../outgoing/outgoing-filter.ts";

export interface OutboxOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Undefined while the channel is not served. */
  readonly findChannel: (address: ChatAddress) => Channel | undefined;
  /** Hears of a chat that gets no replies. */
  readonly notices?: OwnerNotices;
  readonly spool: Pick<Spool, "read" | "remove" | "sweep">;
  readonly filter: OutgoingFilter;
  readonly log: Log;
}

const dayMs = 24 * 60 * 60_000;
const longestWaitMs = 5 * 60_000;

/** Of what others wrote, in what the owner is told. */
const longestName = 80;
const longestReason = 200;
/** How long what was sent can be fetched. */
const fetchedForMs = 7 * dayMs;

/** Each allows one more copy: a channel that never says what became of a send gets no endless row of them. */
const mostUnknowns = 5;

/** Replies on their way: each chat's in their order, chats apart from each other. Timers only for what is due later. */
export class Outbox implements AsyncDisposable {
  readonly #options: OutboxOptions;
  readonly #stop = new AbortController();
  readonly #pumps = new Map<ChatId, Pump>();
  /** Until when an account must be left alone, by our monotonic clock. */
  readonly #paused = new Map<string, number>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Finds what an earlier process left: to be asked before anything new is written. Returns what takes it up. */
  async recover(): Promise<() => void> {
    const { database } = this.#options;
    const open = await listOpenChats(database);
    if (open.length > 0) await database.transaction((tx) => recoverReplies(tx));
    await this.#sweep();
    return () => {
      for (const chat of open) this.wake(chat);
    };
  }

  /** Something waits for the chat, or can be tried again. */
  wake(chat: ChatId): void {
    if (this.#stop.signal.aborted) return;
    const pump = this.#pumps.get(chat);
    if (pump !== undefined) return pump.wake();
    const next = new Pump();
    this.#pumps.set(chat, next);
    next.over = this.#run(chat, next);
  }

  /** What other programs of the owner's have put there. */
  async wakeAll(): Promise<void> {
    for (const chat of await listOpenChats(this.#options.database)) this.wake(chat);
  }

  /** A channel is back: nothing has to wait any longer. What a platform asked for its channel knows by itself. */
  hurry(): void {
    this.#paused.clear();
    for (const pump of this.#pumps.values()) pump.hurry();
  }

  get openChats(): number {
    return this.#pumps.size;
  }

  /** What is being sent is cut off; it is known as such, and taken up again by the next process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#pumps.values()].map(({ over }) => over));
  }

  /** Resolves when all that was due has been sent, or `signal` aborts. */
  async drain(signal: AbortSignal): Promise<void> {
    const over = Promise.all([...this.#pumps.values()].map((pump) => pump.settled()));
    await Promise.race([
      over,
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
    ]);
  }

  async #run(chatId: ChatId, pump: Pump): Promise<void> {
    const { database, clock, log } = this.#options;
    const signal = this.#stop.signal;
    for (let failures = 0; !signal.aborted;) {
      try {
        pump.begin();
        const reply = await findNextReply(database, chatId);
        if (reply === undefined) {
          if (pump.wasWoken) continue;
          break;
        }
        const chat = await findChatById(database, chatId);
        if (chat === undefined) break;
        const waitMs = this.#waitMs(reply, chat, pump);
        if (waitMs > 0) await pump.sleep(waitMs, clock, signal);
        else {
          pump.isHurried = false;
          await this.#send(reply, chat, signal);
        }
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        failures++;
        log.error("the outbox could not be read or written", { error });
        await clock.sleep(Math.min(1000 * 2 ** failures, 60_000), signal).catch(() => {});
      }
    }
    this.#pumps.delete(chatId);
    pump.end();
  }

  #waitMs({ nextAt, state }: Reply, chat: Chat, pump: Pump): number {
    const { clock } = this.#options;
    const pausedMs = (this.#paused.get(toKey(chat)) ?? 0) - clock.monotonic();
    // A clock that was put back must not hold up a reply for longer than any wait there is.
    const dueMs = state === "sending" || pump.isHurried ? 0 : Math.min(nextAt - clock.now(), longestWaitMs);
    return Math.max(pausedMs, dueMs);
  }

  async #send(unfiltered: Reply, chat: Chat, signal: AbortSignal): Promise<void> {
    const { database, clock, findChannel, filter, log } = this.#options;
    const reply = await this.#filter(unfiltered);
    if (await this.#keepsFile(reply, chat)) return;
    const channel = findChannel(chat);
    if (channel === undefined) {
      return await this.#settle(
        reply,
        chat,
        { type: "not-sent", reason: `${chat.channel} is not served` },
        true,
      );
    }
    const isPlain = chat.isPrivate && channel.traits.isThreaded !== true;
    const answers = isPlain ? undefined : await this.#findAnswered(reply);
    const isInDoubt = reply.unknowns > 0 && reply.platformId === undefined && !channel.traits.isIdempotent;
    const hasArrived = isInDoubt
      ? await channel.history?.has(chat.chat, toSent(reply, answers), signal)
      : undefined;
    if (hasArrived === true) return await this.#settle(reply, chat, { type: "sent" }, true);
    const isOurs =
      reply.state === "sending" || (await database.transaction((tx) => startSending(tx, reply.id)));
    if (!isOurs) return;
    const began = clock.monotonic();
    const result = await deliver(channel, chat.chat, reply, { ...this.#options, answers }, signal);
    if (signal.aborted && result.type !== "sent") return;
    log.info("reply sent", {
      reply: reply.id,
      result: result.type,
      ms: Math.round(clock.monotonic() - began),
    });
    if (result.type === "sent" || result.type === "unknown") filter.noteSent(chat.id, reply.text);
    // Of what is looked for before each send no try makes a copy.
    await this.#settle(reply, chat, result, channel.traits.isIdempotent || hasArrived === false);
  }

  /** Files whose replies have long ended, or never began. */
  async #sweep(): Promise<void> {
    const { database, clock, spool, log } = this.#options;
    const before = clock.now() - fetchedForMs;
    try {
      await spool.sweep(new Set(await listSpooled(database, before)), before);
    } catch (error) {
      log.warn("the spool could not be swept", { error });
    }
  }

  /** Where clients fetch what they were sent, it stays for a week. */
  async #discard({ extras }: Reply, chat: Chat, result: SendResult): Promise<void> {
    if (extras?.type !== "file") return;
    const isFetched = this.#options.findChannel(chat)?.files?.isFetched === true;
    if (!isFetched || result.type !== "sent") await this.#options.spool.remove(extras.spool);
  }

  /** Whoever wrote it: nothing leaves unfiltered. What is struck out of it stands nowhere any more. */
  async #filter(unfiltered: Reply): Promise<Reply> {
    const { database, filter } = this.#options;
    const { reply, isChanged, secrets } = await filterReply(filter, database, unfiltered);
    if (!isChanged) return unfiltered;
    const told = await database.transaction(async (tx) => {
      await rewriteReply(tx, reply);
      return await filter.record(tx, reply, { secrets });
    });
    if (told !== undefined) this.wake(told);
    return reply;
  }

  /** A file cannot have anything struck out of it: with a secret in it, it stays. */
  async #keepsFile(reply: Reply, chat: Chat): Promise<boolean> {
    const { database, clock, filter, spool } = this.#options;
    const { extras } = reply;
    const bytes = extras?.type === "file" ? await spool.read(extras.spool) : undefined;
    const secrets = bytes === undefined ? [] : await filter.findInFile(bytes);
    if (secrets.length === 0) return false;
    const reason = `the file holds the secret ${secrets.join(", ")}`;
    const told = await database.transaction(async (tx) => {
      await endReply(tx, reply.id, { state: "failed", reason, now: clock.now() });
      return await filter.record(tx, reply, { secrets, isFile: true });
    });
    await this.#discard(reply, chat, { type: "refused", reason });
    if (told !== undefined) this.wake(told);
    return true;
  }

  /** Among several it is seen what is answered. */
  async #findAnswered({ message }: Reply): Promise<string | undefined> {
    return message === undefined ? undefined : await findMessageAddress(this.#options.database, message);
  }

  async #settle(reply: Reply, chat: Chat, result: SendResult, isIdempotent: boolean): Promise<void> {
    const { database, clock, log } = this.#options;
    const now = clock.now();
    const isLate = now - reply.createdAt.getTime() > dayMs;
    const isOver = await database.transaction(async (tx) => {
      switch (result.type) {
        case "sent": {
          const { platformId } = result;
          const end = platformId === undefined ? {} : { platformId };
          await endReply(tx, reply.id, { state: "sent", ...end, now });
          return true;
        }
        case "refused":
          await this.#fail(tx, reply, chat, result.reason);
          return true;
        case "wait":
        case "not-sent":
          if (!isLate) break;
          await this.#fail(tx, reply, chat, result.reason);
          return true;
        case "unknown":
          if (!isLate && (isIdempotent || reply.unknowns + 1 < mostUnknowns)) break;
          await endReply(tx, reply.id, { state: "unknown", reason: result.reason, now });
          return true;
        default:
          result satisfies never;
      }
      const waitMs = result.type === "wait" ? result.ms : this.#backoffMs(reply.attempts);
      const { reason } = result;
      // A platform may name parts of a millisecond, and chance does; a column of times holds none.
      const nextAt = Math.ceil(now + waitMs);
      await retryReply(tx, reply.id, { reason, nextAt, isUnknown: result.type === "unknown" });
      return false;
    });
    if (result.type === "sent") void this.#options.notices?.settle("chat", chat.id);
    else if (this.#options.notices?.isOpen("chat", chat.id) === true) this.#options.notices.tell();
    if (isOver) await this.#discard(reply, chat, result);
    if (result.type === "wait" && result.scope === "account") {
      this.#paused.set(toKey(chat), clock.monotonic() + result.ms);
    }
    if (result.type === "refused")
      log.error("a reply was refused", { reply: reply.id, reason: result.reason });
  }

  /** For good: the owner is told, in one transaction with that. */
  async #fail(tx: Transaction, { id, message }: Reply, chat: Chat, reason: string): Promise<void> {
    const { clock, notices } = this.#options;
    await endReply(tx, id, { state: "failed", reason, now: clock.now() });
    const name = `${chat.channel} ${chat.title ?? chat.chat}`.slice(0, longestName);
    const facts = { chat: name, reason: hideSecrets(reason).slice(0, longestReason), message };
    await notices?.raiseIn(tx, { kind: "chat", id: chat.id, name, said: noticeWords.replyFailed(facts) });
  }

  /** A second, then twice as long each time, up to five minutes; scattered, so that not all come at once. */
  #backoffMs(attempts: number): number {
    const { random } = this.#options;
    const ms = Math.min(1000 * 2 ** Math.min(attempts, 20), longestWaitMs);
    return ms * (0.5 + random() / 2);
  }
}

/** What sends the replies of one chat. */
class Pump {
  over: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  #settled = Promise.withResolvers<void>();
  wasWoken = false;
  isHurried = false;

  wake(): void {
    this.wasWoken = true;
  }

  /** What waits for its time is tried at once. */
  hurry(): void {
    this.isHurried = true;
    this.#wake.abort();
  }

  begin(): void {
    this.wasWoken = false;
  }

  async sleep(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
    this.#settled.resolve();
    if (this.isHurried) {
      // Once: where it has to wait all the same, it waits.
      this.isHurried = false;
      return;
    }
    this.#wake = new AbortController();
    try {
      await clock.sleep(ms, AbortSignal.any([signal, this.#wake.signal]));
    } catch {
      // Woken, or at the end.
    }
  }

  settled(): Promise<void> {
    return this.#settled.promise;
  }

  end(): void {
    this.#settled.resolve();
  }
}

function toSent({ key }: Reply, answers: string | undefined): Pick<OutgoingReply, "key" | "answers"> {
  return answers === undefined ? { key } : { key, answers };
}

function toKey({ channel, account }: ChatAddress): string {
  return `${channel}:${account}`;
}
