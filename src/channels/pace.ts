import type { Clock } from "../clock.ts";
import type { SendResult } from "./channel.ts";

type Wait = Extract<SendResult, { type: "wait" }>;

/** What a platform asked to be left alone for: a chat, or, when several chats hear it at once, the whole account. */
export class Pace {
  readonly #clock: Clock;
  readonly #platform: string;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock, platform: string) {
    this.#clock = clock;
    this.#platform = platform;
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
      reason: `${this.#platform} asked to wait`,
    };
  }

  /** Whose limit was met is not said: two chats that wait at once are the account's. */
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
