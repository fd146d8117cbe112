import { Database as Sqlite, type Statement } from "bun:sqlite";
import type { Row, SqlValue } from "./database.ts";

/** How long SQLite itself may block the event loop for a lock; beyond it we wait without blocking. */
const blockingMs = 10;

/** One synchronous SQLite connection that keeps its prepared statements. Errors are SQLite's own. */
export class Connection implements Disposable {
  readonly #sqlite: Sqlite;
  readonly #statements = new Map<string, Statement<Row, SqlValue[]>>();

  /** `file` must exist: its mode, set before, is what the `-wal` and `-shm` files get too. */
  constructor(file: string) {
    this.#sqlite = new Sqlite(file, { readwrite: true, create: false });
  }

  /** Returns the journal mode that SQLite could give: `wal`, unless the file system has no shared memory. */
  configure(): string {
    this.#sqlite.run(`PRAGMA busy_timeout = ${blockingMs}`);
    const mode = this.get("PRAGMA journal_mode = WAL")?.["journal_mode"];
    this.#sqlite.run(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF",
    );
    return String(mode);
  }

  get isInTransaction(): boolean {
    return this.#sqlite.inTransaction;
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) ?? undefined;
  }

  run(sql: string, ...values: SqlValue[]): { readonly changes: number; readonly lastId: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes, lastId: Number(lastInsertRowid) };
  }

  /** Any number of statements, not kept prepared. */
  execute(sql: string): void {
    this.#sqlite.run(sql);
  }

  /** Ends the open transaction, if SQLite has not done so itself. Never throws. */
  rollback(): void {
    try {
      if (this.isInTransaction) this.#sqlite.run("ROLLBACK");
    } catch {
      // SQLite fails to roll back only what it has already rolled back itself.
    }
  }

  [Symbol.dispose](): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#sqlite.close();
  }

  #prepare(sql: string): Statement<Row, SqlValue[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#sqlite.prepare<Row, SqlValue[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
