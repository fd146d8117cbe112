import type { Clock } from "../../clock.ts";

export interface Listener {
  /** It wants all of an event, and not only to know that there was one. */
  readonly readsEvents: boolean;
  /** Something was put where it can be fetched. */
  onReply(id: number): void;
  onEvent(event: { readonly type: string }): void;
  onClose(): void;
}

/** Who listens to which chat now. What nobody hears is not kept: replies can be fetched, events were only news. */
export class ReplyHub {
  readonly #listeners = new Map<string, Set<Listener>>();
  #isClosed = false;

  listen(chat: string, listener: Listener): Disposable {
    if (this.#isClosed) listener.onClose();
    const listeners = this.#listeners.get(chat) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(chat, listeners);
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(chat) === listeners) this.#listeners.delete(chat);
      },
    };
  }

  announceReply(chat: string, id: number): void {
    for (const listener of this.#listeners.get(chat) ?? []) listener.onReply(id);
  }

  /** Whether somebody reads all that happens there. */
  isHeard(chat: string): boolean {
    return [...(this.#listeners.get(chat) ?? [])].some(({ readsEvents }) => readsEvents);
  }

  show(chat: string, event: { readonly type: string }): void {
    for (const listener of this.#listeners.get(chat) ?? []) listener.onEvent(event);
  }

  close(): void {
    this.#isClosed = true;
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners) listener.onClose();
    }
  }

  /** Resolves its `next` at the next reply or end of a turn of the chat, counted from now on. */
  waitForAnswer(chat: string): AnswerWait {
    let news = new AbortController();
    const listening = this.listen(chat, {
      readsEvents: false,
      onReply: () => news.abort(),
      // All that it says may have been said before its end.
      onEvent: ({ type }) => {
        if (type === "turn-end") news.abort();
      },
      onClose: () => news.abort(),
    });
    return {
      async next(ms, clock, signal) {
        try {
          await clock.sleep(ms, AbortSignal.any([news.signal, signal]));
        } catch {
          signal.throwIfAborted();
        }
        news = new AbortController();
      },
      [Symbol.dispose]: () => listening[Symbol.dispose](),
    };
  }
}

export interface AnswerWait extends Disposable {
  next(ms: number, clock: Clock, signal: AbortSignal): Promise<void>;
}
