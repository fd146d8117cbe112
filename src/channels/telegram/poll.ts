import type { Update } from "@grammyjs/types";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import { endsInAlbum } from "./albums.ts";
import type { ApiAnswer } from "./answer.ts";
import type { BotApi } from "./bot-api.ts";
import { allowedUpdates } from "./read-update.ts";

export interface PollPace {
  /** How long Telegram holds a question open for which there is nothing new. */
  readonly holdSeconds: number;
  /** So much later an answer must be there: what stays silent longer is a connection that is none any more. */
  readonly graceMs: number;
  /** Parts of an album come apart from each other. */
  readonly albumMs: number;
}

export const usualPace: PollPace = { holdSeconds: 30, graceMs: 15_000, albumMs: 600 };

/** An album has ten parts at most, and they come together. */
const mostLooks = 4;

/** Asks for updates and hands them over in their order. What it was given is acknowledged by the next question only. */
export class UpdatePoll {
  readonly #api: BotApi;
  readonly #clock: Clock;
  readonly #pace: PollPace;
  #offset: number | undefined;
  #refusals = 0;

  constructor(api: BotApi, clock: Clock, pace: PollPace) {
    this.#api = api;
    this.#clock = clock;
    this.#pace = pace;
  }

  /** What came before now is not ours: it was written before anybody listened. */
  async skipOld(signal: AbortSignal): Promise<void> {
    const [last] = await this.#ask({ offset: -1, limit: 1 }, 0, signal);
    if (last === undefined) return;
    this.#offset = last.update_id + 1;
    await this.#ask({ offset: this.#offset, limit: 1 }, 0, signal);
  }

  /** Until `signal` aborts. Throws `AppError` when the connection is lost, and whatever `take` throws. */
  async run(
    { connected, take }: { connected: () => void; take: (updates: readonly Update[]) => Promise<void> },
    signal: AbortSignal,
  ): Promise<void> {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      // The first answer comes at once: from then on the connection is known to stand.
      let updates = await this.#ask(this.#next(), isFirst ? 0 : this.#pace.holdSeconds, signal);
      if (isFirst) connected();
      updates = await this.#completeAlbum(updates, signal);
      await take(updates);
      const last = updates.at(-1);
      // What was acknowledged is forgotten there. After a week of silence Telegram counts on from anywhere: a number that is
      // kept would hide what comes then.
      this.#offset = last === undefined ? undefined : last.update_id + 1;
    }
  }

  /** As long as parts keep coming the same updates are asked for again: none of them is acknowledged yet. */
  async #completeAlbum(first: readonly Update[], signal: AbortSignal): Promise<readonly Update[]> {
    let updates = first;
    for (let looks = 0; looks < mostLooks && endsInAlbum(updates); looks++) {
      await this.#clock.sleep(this.#pace.albumMs, signal);
      const again = await this.#ask(this.#next(), 0, signal);
      if (again.length <= updates.length) break;
      updates = again;
    }
    return updates;
  }

  #next(): Readonly<Record<string, unknown>> {
    return { limit: 100, ...(this.#offset === undefined ? {} : { offset: this.#offset }) };
  }

  async #ask(
    parameters: Readonly<Record<string, unknown>>,
    holdSeconds: number,
    signal: AbortSignal,
  ): Promise<readonly Update[]> {
    const call = { ...parameters, timeout: holdSeconds, allowed_updates: allowedUpdates };
    const timeoutMs = holdSeconds * 1000 + this.#pace.graceMs;
    const answer = await this.#api.call("getUpdates", call, { signal, timeoutMs });
    signal.throwIfAborted();
    if (answer.type !== "ok") throw await this.#toError(answer, signal);
    this.#refusals = 0;
    return toUpdates(answer.result);
  }

  async #toError(answer: Exclude<ApiAnswer, { type: "ok" }>, signal: AbortSignal): Promise<AppError> {
    const { type, reason } = answer;
    switch (type) {
      case "unauthorized": {
        // A token that was revoked does not come back by itself: asked for less and less often.
        const retryAfterMs = Math.min(minuteMs * 2 ** this.#refusals, hourMs);
        this.#refusals += 1;
        return new AppError("config", telegramWords.tokenRefused({ reason }), { retryAfterMs });
      }
      case "conflict": {
        if (!/webhook/i.test(reason)) {
          return new AppError("conflict", telegramWords.otherReader(), { retryAfterMs: conflictMs });
        }
        // What waits there is kept: it comes to us from now on.
        await this.#api.call("deleteWebhook", { drop_pending_updates: false }, { signal });
        return new AppError("network", telegramWords.webhookRemoved());
      }
      case "wait":
        return new AppError("network", telegramWords.notReached({ reason }), { retryAfterMs: answer.ms });
      case "refused":
      case "not-sent":
      case "unknown":
        return new AppError("network", telegramWords.notReached({ reason }));
      default:
        return type satisfies never;
    }
  }
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const conflictMs = 10_000;

function toUpdates(result: unknown): readonly Update[] {
  return Array.isArray(result) ? result.filter(isUpdate) : [];
}

/** The server's word for the rest: it is Telegram's, or one that the owner named. */
function isUpdate(value: unknown): value is Update {
  return (
    typeof value === "object" &&
    value !== null &&
    "update_id" in value &&
    Number.isSafeInteger(value.update_id)
  );
}
