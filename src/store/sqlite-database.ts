import type { Clock } from "../clock.ts";
import type { Connection } from "./connection.ts";
import type { Database, Row, SqlValue, Transaction } from "./database.ts";
import { retryWhileBusy } from "./retry-busy.ts";
import { isBusy, isFull, toStoreError } from "./store-error.ts";
import { WriteQueue } from "./write-queue.ts";

export interface SqliteDatabaseOptions {
  readonly connection: Connection;
  readonly file: string;
  readonly clock: Clock;
  /** How long a transaction waits for another program's lock. */
  readonly busyDeadlineMs: number;
  /** The disk is full. Whether there is room now, so that it is worth a second try. */
  readonly makeRoom?: () => Promise<boolean>;
}

/** The `Database` port on one SQLite connection, which it owns. */
export class SqliteDatabase implements Database {
  readonly #options: SqliteDatabaseOptions;
  readonly #queue: WriteQueue;
  readonly #closing = new AbortController();

  constructor(options: SqliteDatabaseOptions) {
    this.#options = options;
    this.#queue = new WriteQueue(options);
  }

  all(sql: string, ...values: readonly SqlValue[]): Promise<Row[]> {
    return this.#read((connection) => connection.all(sql, ...values));
  }

  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#read((connection) => connection.get(sql, ...values));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.#queue.add(work);
    } catch (error) {
      if (!isFull(error) || (await this.#options.makeRoom?.()) !== true) throw error;
      return await this.#queue.add(work);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#queue[Symbol.asyncDispose]();
    this.#options.connection[Symbol.dispose]();
  }

  /** Waits while a batch is open: what is read is committed. */
  async #read<T>(query: (connection: Connection) => T): Promise<T> {
    const { connection, file, clock, busyDeadlineMs } = this.#options;
    const attempt = async (): Promise<T> => {
      while (this.#queue.openBatch !== undefined) await this.#queue.openBatch;
      return query(connection);
    };
    try {
      // Nearly always nobody is in the way.
      if (this.#queue.openBatch === undefined) return query(connection);
    } catch (error) {
      if (!isBusy(error)) throw toStoreError(error, file);
    }
    try {
      return await retryWhileBusy(attempt, { clock, deadlineMs: busyDeadlineMs }, this.#closing.signal);
    } catch (error) {
      throw toStoreError(error, file);
    }
  }
}
