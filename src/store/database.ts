/** A value that SQLite stores. Booleans and dates are converted in the table files. */
export type SqlValue = string | number | null | Uint8Array;

export type Row = Readonly<Record<string, unknown>>;

export interface Reader {
  all(sql: string, ...values: readonly SqlValue[]): Promise<Row[]>;
  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>;
}

/** Valid only until the function it was given to returns. */
export interface Transaction extends Reader {
  run(
    sql: string,
    ...values: readonly SqlValue[]
  ): Promise<{ readonly changes: number; readonly lastId: number }>;
}

export interface Database extends Reader, AsyncDisposable {
  /**
   * Runs `work` through the one write queue and resolves when it is on disk. `work` may await only `tx`, which is
   * checked at run time; if it throws, nothing of it stays. Transactions that wait together share one commit.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
