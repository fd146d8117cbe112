import type { Reader, Row, SqlValue } from "../../src/store/database.ts";
import type { Store } from "../../src/store/store.ts";

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What was asked of it, each once. */
export type Asked = Map<string, Statement>;

/** The same store, and a note of each statement. */
export function createNotingStore(store: Store, asked: Asked): Store {
  const { database } = store;
  const note = (sql: string, values: readonly SqlValue[]): void =>
    void asked.set(JSON.stringify([sql, values]), { sql, values });
  const noting = (reader: Reader): Reader => ({
    all: async (sql, ...values): Promise<Row[]> => (note(sql, values), await reader.all(sql, ...values)),
    get: async (sql, ...values): Promise<Row | undefined> => (
      note(sql, values),
      await reader.get(sql, ...values)
    ),
  });
  return {
    ...store,
    database: {
      ...noting(database),
      transaction: (work) =>
        database.transaction((tx) =>
          work({
            ...noting(tx),
            run: async (sql, ...values) => (note(sql, values), await tx.run(sql, ...values)),
          }),
        ),
      [Symbol.asyncDispose]: async () => {},
    },
  };
}
