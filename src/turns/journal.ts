import type { AgentEvent } from "../agent/events.ts";
import type { Database, Transaction } from "../store/database.ts";

/** Writes events in their order, with the entries that they stand for, as part of a transaction. */
export type WriteEvents = (tx: Transaction, events: readonly AgentEvent[]) => Promise<void>;

/**
 * The record of a turn on its way to disk. Events wait here so that few commits carry them: a started tool call is on
 * disk before the call runs, its result before the model is asked again, and the rest with the end of the turn.
 */
export class Journal {
  readonly #database: Database;
  readonly #write: WriteEvents;
  readonly #waiting: AgentEvent[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, write: WriteEvents) {
    this.#database = database;
    this.#write = write;
  }

  /** Resolves when what `event` needs on disk is there. Deltas pass by: they are not of the record. */
  async record(event: AgentEvent): Promise<void> {
    switch (event.type) {
      case "text-delta":
      case "thinking-delta":
      case "tool-progress":
        return;
      case "step-start":
        if (this.#waiting.some((waiting) => waiting.type === "tool-end")) await this.#flush();
        return;
      case "tool-start":
        this.#waiting.push(event);
        return await this.#flush();
      default:
        this.#waiting.push(event);
    }
  }

  /** Commits what waits together with `work`. What could not be written goes on waiting. */
  commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#inOrder(() => this.#commitNow(work));
  }

  #flush(): Promise<void> {
    return this.#inOrder(async () => {
      if (this.#waiting.length > 0) await this.#commitNow(async () => {});
    });
  }

  #inOrder<T>(step: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(step);
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #commitNow<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const events = [...this.#waiting];
    const result = await this.#database.transaction(async (tx) => {
      if (events.length > 0) await this.#write(tx, events);
      return await work(tx);
    });
    this.#waiting.splice(0, events.length);
    return result;
  }
}
