import firstTables from "./migrations/0001-first-tables.sql" with { type: "text" };
import snapshots from "./migrations/0002-snapshots.sql" with { type: "text" };

/** Recorded by name; never edited after a release. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { name: "0001-first-tables", sql: firstTables },
  { name: "0002-snapshots", sql: snapshots },
];
