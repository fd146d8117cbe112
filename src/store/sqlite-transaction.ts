import type { Connection } from "./connection.ts";
import type { Row, SqlValue, Transaction } from "./database.ts";

/** What a piece of work gets to write with. Useless as soon as the work is over. */
export class SqliteTransaction implements Transaction {
  readonly #connection: Connection;
  #hasEnded = false;
  #fatal: Error | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The error on which SQLite gave up the whole transaction (a full or failing disk), whatever the work made of it. */
  get fatal(): Error | undefined {
    return this.#fatal;
  }

  end(): void {
    this.#hasEnded = true;
  }

  async all(sql: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.#guard(() => this.#connection.all(sql, ...values));
  }

  async get(sql: string, ...values: SqlValue[]): Promise<Row | undefined> {
    return this.#guard(() => this.#connection.get(sql, ...values));
  }

  async run(
    sql: string,
    ...values: SqlValue[]
  ): Promise<{ readonly changes: number; readonly lastId: number }> {
    return this.#guard(() => this.#connection.run(sql, ...values));
  }

  #guard<T>(query: () => T): T {
    if (this.#hasEnded) throw new Error("A tx was used after its transaction had ended.");
    if (this.#fatal !== undefined) throw this.#fatal;
    try {
      return query();
    } catch (error) {
      if (!this.#connection.isInTransaction && error instanceof Error) this.#fatal = error;
      throw error;
    }
  }
}
