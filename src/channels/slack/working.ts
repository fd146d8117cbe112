import type { ChannelMemory, IncomingMessage, SendResult } from "../channel.ts";
import { parseMessageId, parsePlace } from "./address.ts";
import { toList, toText } from "./fields.ts";
import type { Parameters } from "./web-api.ts";

export interface WorkingOptions {
  readonly call: (
    chat: string,
    method: string,
    parameters: Parameters,
    signal: AbortSignal,
  ) => Promise<SendResult>;
  readonly memory: ChannelMemory;
  /** Slack's name of a sign; empty shows nothing. */
  readonly sign: string;
}

const memoryKey = "working";
const callMs = 5000;
const mostChats = 5000;

/**
 * That a message is worked on: a sign under it, for as long as its turn lasts. Slack shows no "is typing" for a bot outside of
 * threads, and a sign under a message is seen everywhere.
 */
export class Working {
  readonly #options: WorkingOptions;
  readonly #last = new Map<string, string>();
  readonly #shown = new Map<string, string>();
  readonly #removals = new Set<Promise<void>>();

  constructor(options: WorkingOptions) {
    this.#options = options;
  }

  /** What somebody wrote last in a chat is what is worked on there. */
  see({ chat, id }: Pick<IncomingMessage, "chat" | "id">): void {
    const time = parseMessageId(id)?.time;
    if (time === undefined) return;
    this.#last.delete(chat);
    this.#last.set(chat, time);
    const [oldest] = this.#last.keys();
    if (this.#last.size > mostChats && oldest !== undefined) this.#last.delete(oldest);
  }

  /** Until `signal` aborts. */
  async show(chat: string, signal: AbortSignal): Promise<void> {
    const time = this.#last.get(chat);
    if (time === undefined || this.#options.sign === "" || this.#shown.get(chat) === time) return;
    this.#shown.set(chat, time);
    signal.addEventListener("abort", () => this.#end(chat, time), { once: true });
    await this.#call(chat, "reactions.add", time, AbortSignal.any([signal, AbortSignal.timeout(callMs)]));
    if (!signal.aborted) await this.#remember();
  }

  /** What a process that died has left standing. */
  async clear(signal: AbortSignal): Promise<void> {
    const stored = await this.#options.memory.read(memoryKey);
    if (stored === undefined || stored === "[]") return;
    for (const { chat, time } of toList(JSON.parse(stored))) {
      const where = toText(chat);
      const when = toText(time);
      if (where === undefined || when === undefined || this.#shown.get(where) === when) continue;
      await this.#call(
        where,
        "reactions.remove",
        when,
        AbortSignal.any([signal, AbortSignal.timeout(callMs)]),
      );
    }
    signal.throwIfAborted();
    await this.#remember();
  }

  /** Resolves when nothing is shown any more that should not be. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #end(chat: string, time: string): void {
    const removal = this.#call(chat, "reactions.remove", time, AbortSignal.timeout(callMs))
      .then(() => {
        if (this.#shown.get(chat) === time) this.#shown.delete(chat);
        return this.#remember();
      })
      // A sign too many is of no consequence, and the next start takes it away.
      .catch(() => {});
    this.#removals.add(removal);
    void removal.finally(() => this.#removals.delete(removal));
  }

  async #call(chat: string, method: string, time: string, signal: AbortSignal): Promise<void> {
    const parameters = { channel: parsePlace(chat).channel, timestamp: time, name: this.#options.sign };
    await this.#options.call(chat, method, parameters, signal);
  }

  async #remember(): Promise<void> {
    const shown = [...this.#shown].map(([chat, time]) => ({ chat, time }));
    await this.#options.memory.write(memoryKey, JSON.stringify(shown));
  }
}
