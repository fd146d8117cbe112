import type { Clock, TimeZone } from "../clock.ts";
import type { Log } from "../log.ts";
import type { ChatAddress } from "../store/chats.ts";
import type { Database, Transaction } from "../store/database.ts";
import type { ChatId } from "../store/ids.ts";
import { addNotice, endNotice, forgetNotices, listNotices, type NewNotice } from "../store/notices.ts";
import type { Reply } from "../store/replies.ts";
import type { Saying } from "../words/define-words.ts";
import type { Ailment } from "../words/english/well-again.ts";
import { formatTime } from "./format-time.ts";
import { creditReply, tellOwner, type ChannelLook, type NoticeSpeech } from "./tell-owner.ts";

export interface OwnerNoticesOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** The owner's. */
  readonly timeZone: TimeZone;
  readonly speech: NoticeSpeech;
  /** How the chat's channel is just now; undefined while it is not served. */
  readonly lookAt: (chat: ChatAddress) => ChannelLook | undefined;
  /** Something waits for the chat. */
  readonly wake: (chat: ChatId) => void;
  readonly log: Log;
}

/** What passes by itself is told once; an ailment also when it is over. */
export interface Raised {
  readonly kind: Ailment | "message" | "away";
  /** Among those of its kind. */
  readonly id: string | number;
  /** What it is called; the id by default. */
  readonly name?: string;
  readonly said: Saying;
  /** When it began, epoch milliseconds; now by default. */
  readonly since?: number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const keptMs = 90 * 24 * 60 * 60_000;

/**
 * Tells the owner, in a private chat of main's on a channel that works, when something is ill and when it is well again: each
 * once, also across a restart at any instant. What cannot be written or told now is as soon as it can.
 */
export class OwnerNotices implements AsyncDisposable {
  readonly #options: OwnerNoticesOptions;
  /** What lasts, by its subject: so that the well cost nothing. */
  readonly #open = new Set<string>();
  readonly #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: OwnerNoticesOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier process left. */
  async recover(): Promise<void> {
    const { database, clock } = this.#options;
    const open = await listNotices(database, clock.now());
    for (const notice of open) if (!notice.isPassing) this.#open.add(notice.subject);
    void this.#write((tx) => forgetNotices(tx, clock.now() - keptMs));
  }

  isOpen(kind: Ailment, id: string | number): boolean {
    return this.#open.has(toSubject(kind, id));
  }

  /** The ids of what is ill of a kind. */
  listOpen(kind: Ailment): readonly string[] {
    const head = `${kind}:`;
    return [...this.#open].flatMap((subject) =>
      subject.startsWith(head) ? [subject.slice(head.length)] : [],
    );
  }

  /** Resolves when it is on disk. Known already, it is not told again. */
  async raise(raised: Raised): Promise<void> {
    if (!this.#note(raised)) return;
    // As it is now: it may have to wait for room on the disk.
    const dated = { ...raised, since: raised.since ?? this.#options.clock.now() };
    await this.#write(async (tx) => void (await this.#add(tx, dated)));
  }

  /** The same as a part of `tx`; `tell()` is for when that is committed. `toldBy` says it already, where it reaches the owner. */
  async raiseIn(tx: Transaction, raised: Raised, toldBy: readonly Reply[] = []): Promise<void> {
    this.#note(raised);
    if (!(await this.#add(tx, raised))) return;
    await creditReply(tx, toSubject(raised.kind, raised.id), toldBy);
  }

  /** It is over; resolves when that is on disk. Costs nothing where nothing was ill. */
  async settle(kind: Ailment, id: string | number, { isTold = true } = {}): Promise<void> {
    const subject = toSubject(kind, id);
    if (!this.#open.delete(subject)) return;
    const now = this.#options.clock.now();
    await this.#write((tx) => endNotice(tx, subject, { now, isTold }));
  }

  /** A channel is back, or another may be better. */
  tell(): void {
    void this.#write(async () => {});
  }

  /** A time as the owner reads it. */
  format(time: number): string {
    const { clock, timeZone } = this.#options;
    return formatTime(new Date(time), new Date(clock.now()), timeZone);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }

  #note({ kind, id }: Raised): boolean {
    const subject = toSubject(kind, id);
    if (this.#open.has(subject)) return false;
    if (!isPassing(kind)) this.#open.add(subject);
    return true;
  }

  async #add(tx: Transaction, { kind, id, name, said, since }: Raised): Promise<boolean> {
    const { clock } = this.#options;
    const notice: NewNotice = {
      subject: toSubject(kind, id),
      name: name ?? String(id),
      said,
      isPassing: isPassing(kind),
      since: since ?? clock.now(),
    };
    return await addNotice(tx, notice);
  }

  /** One after the other, each with what it makes known to the owner in one transaction; tried until it is on disk. */
  #write(change: (tx: Transaction) => Promise<void>): Promise<void> {
    this.#work = this.#work.then(() => this.#persist(change));
    return this.#work;
  }

  async #persist(change: (tx: Transaction) => Promise<void>): Promise<void> {
    const { database, clock, wake, log } = this.#options;
    const signal = this.#stop.signal;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const told = await database.transaction(async (tx) => {
          await change(tx);
          const isIll = (chat: ChatId): boolean => this.isOpen("chat", chat);
          return await tellOwner(tx, { ...this.#options, isIll, format: (time) => this.format(time) });
        });
        for (const chat of told) wake(chat);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = Math.min(firstRetryMs * 2 ** failures, longestRetryMs);
        log.warn("what the owner is to know could not be written down; tried again", { waitMs, error });
        await clock.sleep(waitMs, signal).catch(() => {});
      }
    }
  }
}

function isPassing(kind: Raised["kind"]): boolean {
  return kind === "message" || kind === "away";
}

function toSubject(kind: Raised["kind"], id: string | number): string {
  return `${kind}:${id}`;
}
