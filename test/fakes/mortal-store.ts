import type { Channel } from "../../src/channels/channel.ts";
import type { Store } from "../../src/store/store.ts";

/**
 * The life of a process that ends at its n-th moment: before, in or after a transaction, before or after a send. From
 * then on nothing that it waits for ever comes.
 */
export class MortalLife {
  /** Resolves when it has ended. */
  readonly death: Promise<void>;
  #lastMoment: number;
  #moment = 0;
  #isDead = false;
  #die: () => void = () => {};

  constructor(lastMoment: number) {
    this.#lastMoment = lastMoment;
    this.death = new Promise((resolve) => (this.#die = resolve));
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** It ends now. */
  end(): void {
    this.#isDead = true;
    this.#die();
  }

  /** It does not end any more, if it has not yet. */
  spare(): void {
    this.#lastMoment = Number.POSITIVE_INFINITY;
  }

  store(store: Store): Store {
    const { database } = store;
    return {
      ...store,
      database: {
        all: (sql, ...values) => this.#while(() => database.all(sql, ...values)),
        get: (sql, ...values) => this.#while(() => database.get(sql, ...values)),
        transaction: async (work) => {
          if (this.#pass()) return await forever();
          const outcome = await database
            .transaction(async (tx) => {
              const value = await work(tx);
              if (this.#pass()) throw new Error("dead");
              return { value };
            })
            .catch((error: unknown) => {
              if (this.#isDead) return undefined;
              throw error;
            });
          return outcome === undefined || this.#pass() ? await forever() : outcome.value;
        },
        [Symbol.asyncDispose]: async () => {},
      },
    };
  }

  channel(channel: Channel): Channel {
    return {
      ...channel,
      send: async (chat, reply, signal) => {
        if (this.#pass()) return await forever();
        const result = await channel.send(chat, reply, signal);
        return this.#pass() ? await forever() : result;
      },
    };
  }

  async #while<T>(work: () => Promise<T>): Promise<T> {
    const value = this.#isDead ? await forever<T>() : await work();
    return this.#isDead ? await forever<T>() : value;
  }

  /** True: this was its last moment. */
  #pass(): boolean {
    if (this.#isDead) return true;
    this.#moment += 1;
    if (this.#moment !== this.#lastMoment) return false;
    this.#isDead = true;
    this.#die();
    return true;
  }
}

function forever<T>(): Promise<T> {
  return new Promise<T>(() => {});
}
