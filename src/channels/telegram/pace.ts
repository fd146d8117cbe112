import type { Clock } from "../../clock.ts";
import type { SendResult } from "../channel.ts";

type Wait = Extract<SendResult, { type: "wait" }>;

/** What Telegram asked to be left alone for: a chat, or, when several chats hear it at once, the whole bot. */
export class Pace {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long a chat still has to wait; nothing goes there before. */
  find(chat: string): Wait | undefined {
    const waiting = this.#waiting();
    const own = waiting.find(([name]) => name === chat);
    if (own === undefined) return undefined;
    const ms = Math.ceil(own[1] - this.#clock.monotonic());
    return {
      type: "wait",
      ms,
      scope: waiting.length > 1 ? "account" : "chat",
      reason: "Telegram asked to wait",
    };
  }

  /** Telegram does not say whose limit was met: two chats that wait at once are the bot's. */
  slowDown(chat: string, ms: number, reason: string): Wait {
    this.#until.set(chat, this.#clock.monotonic() + ms);
    return { type: "wait", ms, scope: this.#waiting().length > 1 ? "account" : "chat", reason };
  }

  #waiting(): readonly (readonly [string, number])[] {
    const now = this.#clock.monotonic();
    for (const [chat, until] of this.#until) if (until <= now) this.#until.delete(chat);
    return [...this.#until];
  }
}
