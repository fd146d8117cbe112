import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import type { Transaction } from "./database.ts";
import { retryWhileBusy } from "./retry-busy.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";
import { toStoreError } from "./store-error.ts";

/** So that nobody's commit waits for an endless row of others. */
const batchLimit = 100;

/** A transaction that waits. `run` resolves to what tells its owner that it is on disk. */
interface Job {
  readonly run: (tx: Transaction) => Promise<() => void>;
  readonly reject: (error: unknown) => void;
}

interface FinishedJob extends Pick<Job, "reject"> {
  readonly acknowledge: () => void;
}

export interface WriteQueueOptions {
  readonly connection: Connection;
  readonly file: string;
  readonly clock: Clock;
  readonly busyDeadlineMs: number;
}

/**
 * The only way to write. Transactions that wait together run one after the other, each in a savepoint of its own,
 * and share one commit; none is told that it is done before that commit.
 */
export class WriteQueue implements AsyncDisposable {
  readonly #options: WriteQueueOptions;
  readonly #closing = new AbortController();
  readonly #waiting: Job[] = [];
  #work: Promise<void> | undefined;
  #batch: Promise<void> | undefined;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  add<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#closing.signal.aborted) {
      reject(closedError());
      return promise;
    }
    const run = async (tx: Transaction): Promise<() => void> => {
      const value = await work(tx);
      return () => resolve(value);
    };
    this.#waiting.push({ run, reject });
    this.#work ??= this.#drain();
    return promise;
  }

  /** Pending while something uncommitted stands on the connection: a reader waits for it. */
  get openBatch(): Promise<void> | undefined {
    return this.#batch;
  }

  /** What waits is still written; only the wait for another program's lock is cut short. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(closedError());
    await this.#work;
  }

  async #drain(): Promise<void> {
    // One turn of the microtask queue, so that neighbours which ask in the same moment share the commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      if (await this.#begin()) {
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#batch = promise;
        await this.#runBatch();
        this.#batch = undefined;
        resolve();
      }
      // The event loop gets its turn between commits, however fast the next writer is.
      await nextMacrotask();
    }
    this.#work = undefined;
  }

  /** False: the lock did not come, and all that waited for it has been told. */
  async #begin(): Promise<boolean> {
    const { connection, file, clock, busyDeadlineMs } = this.#options;
    try {
      const options = { clock, deadlineMs: busyDeadlineMs };
      await retryWhileBusy(() => connection.run("BEGIN IMMEDIATE"), options, this.#closing.signal);
      return true;
    } catch (error) {
      connection.rollback();
      for (const job of this.#waiting.splice(0)) job.reject(toStoreError(error, file));
      return false;
    }
  }

  async #runBatch(): Promise<void> {
    const { connection, file } = this.#options;
    const finished: FinishedJob[] = [];
    try {
      for (let count = 0; count < batchLimit; count++) {
        const job = this.#waiting.shift();
        if (job === undefined) break;
        const acknowledge = await this.#runInSavepoint(job);
        if (acknowledge !== undefined) finished.push({ acknowledge, reject: job.reject });
      }
      connection.run("COMMIT");
    } catch (error) {
      connection.rollback();
      for (const { reject } of finished) reject(toStoreError(error, file));
      return;
    }
    for (const { acknowledge } of finished) acknowledge();
  }

  /** Undefined: the job failed alone and has been told. Throws when the whole batch is lost with it. */
  async #runInSavepoint(job: Job): Promise<(() => void) | undefined> {
    const { connection, file } = this.#options;
    const tx = new SqliteTransaction(connection);
    try {
      connection.run("SAVEPOINT work");
      const acknowledge = await withoutMacrotask(job.run(tx));
      tx.end();
      if (tx.fatal !== undefined) throw tx.fatal;
      connection.run("RELEASE work");
      return acknowledge;
    } catch (error) {
      tx.end();
      job.reject(toStoreError(error, file));
      if (!connection.isInTransaction) throw tx.fatal ?? error;
      connection.run("ROLLBACK TO work");
      connection.run("RELEASE work");
      return undefined;
    }
  }
}

/** What awaits only its `tx` settles within microtasks; what awaits anything else would hold up every writer. */
async function withoutMacrotask<T>(work: Promise<T>): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const macrotask = setImmediate(() => {
    reject(new Error("A transaction awaited something other than its tx; it was rolled back."));
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearImmediate(macrotask);
  }
}

function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function closedError(): AppError {
  return new AppError("store", "The database has been closed.");
}
