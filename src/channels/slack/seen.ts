import type { Clock } from "../../clock.ts";
import type { ChannelMemory, IncomingMessage } from "../channel.ts";
import { parseMessageId, parsePlace, toChatAddress, type Place } from "./address.ts";
import { toFields } from "./fields.ts";

export interface SeenPlace extends Place {
  /** Of its newest message that we have. */
  readonly time: string;
}

const memoryKey = "seen";
/** What is kept may be so old: what is read twice is known by its id. */
const saveMs = 30_000;
const mostPlaces = 200;

/** Up to where conversations and threads have been read, so that what was missed can be fetched. */
export class Seen {
  readonly #memory: ChannelMemory;
  readonly #clock: Clock;
  readonly #times = new Map<string, string>();
  #savedAt = Number.NEGATIVE_INFINITY;
  #saving: Promise<void> = Promise.resolve();

  constructor(memory: ChannelMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
  }

  /** Until when somebody listened, in epoch milliseconds; undefined before the first time. */
  async load(): Promise<number | undefined> {
    const stored = await this.#memory.read(memoryKey);
    if (stored === undefined) return undefined;
    const { until, times } = toFields(JSON.parse(stored));
    for (const [place, time] of Object.entries(toFields(times))) {
      if (typeof time === "string" && !this.#times.has(place)) this.#times.set(place, time);
    }
    return typeof until === "number" ? until : undefined;
  }

  /** The newest first. */
  get places(): readonly SeenPlace[] {
    return [...this.#times]
      .map(([place, time]) => ({ ...parsePlace(place), time }))
      .toSorted((one, other) => Number(other.time) - Number(one.time));
  }

  /** It is on disk. */
  note({ chat, id, editOf }: Pick<IncomingMessage, "chat" | "id" | "editOf">): void {
    const message = editOf === undefined ? parseMessageId(id) : undefined;
    if (message === undefined) return;
    const { channel } = parsePlace(chat);
    const place = toChatAddress({
      channel,
      ...(message.thread === undefined ? {} : { thread: message.thread }),
    });
    const before = this.#times.get(place);
    if (before !== undefined && Number(before) >= Number(message.time)) return;
    this.#times.delete(place);
    this.#times.set(place, message.time);
    const [oldest] = this.#times.keys();
    if (this.#times.size > mostPlaces && oldest !== undefined) this.#times.delete(oldest);
    const isDue = this.#clock.monotonic() - this.#savedAt >= saveMs;
    if (isDue || before === undefined) this.saveSoon();
  }

  /** Of no consequence when it fails: more is read twice. */
  saveSoon(): void {
    this.#savedAt = this.#clock.monotonic();
    const saved = JSON.stringify({ until: this.#clock.now(), times: Object.fromEntries(this.#times) });
    this.#saving = this.#saving.then(() => this.#memory.write(memoryKey, saved)).catch(() => {});
  }

  async settled(): Promise<void> {
    await this.#saving;
  }
}
