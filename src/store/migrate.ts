import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import { textOf } from "./columns.ts";
import type { Connection } from "./connection.ts";
import type { Migration } from "./migrations.ts";
import { retryWhileBusy } from "./retry-busy.ts";
import { storeWords } from "../words/english/store.ts";

export interface MigrateOptions {
  readonly folder: string;
  readonly file: string;
  readonly clock: Clock;
  readonly busyDeadlineMs: number;
  readonly migrations: readonly Migration[];
}

/** Brings the tables up to date. All steps commit together, so that the older program still starts after a failure. */
export async function migrate(
  connection: Connection,
  { folder, file, clock, busyDeadlineMs, migrations }: MigrateOptions,
  signal: AbortSignal,
): Promise<void> {
  const backups = `${folder}/backups`;
  const applied = readApplied(connection, file);
  refuseNewer(applied, migrations, backups);
  const [next] = findPending(migrations, applied);
  if (next === undefined) return;
  if (applied.length > 0) {
    const { backUp } = await import("./backup.ts");
    await backUp(connection, backups, `${toStamp(clock.now())}-before-${next.name}`);
  }
  await retryWhileBusy(
    () => applyPending(connection, file, migrations, clock.now()),
    { clock, deadlineMs: busyDeadlineMs },
    signal,
  );
}

function applyPending(
  connection: Connection,
  file: string,
  migrations: readonly Migration[],
  now: number,
): void {
  connection.run("BEGIN IMMEDIATE");
  try {
    // Read again under the lock: another process may have been faster.
    for (const { name, sql } of findPending(migrations, readApplied(connection, file))) {
      connection.execute(sql);
      connection.run("INSERT INTO migrations (name, applied_at) VALUES (?, ?)", name, now);
    }
    connection.run("COMMIT");
  } catch (error) {
    connection.rollback();
    throw error;
  }
}

function readApplied(connection: Connection, file: string): readonly string[] {
  const tables = connection.all("SELECT name FROM sqlite_schema WHERE type = 'table'");
  if (tables.length === 0) return [];
  if (!tables.some((row) => row["name"] === "migrations")) {
    throw new AppError("store", storeWords.foreign({ file }));
  }
  return connection.all("SELECT name FROM migrations").map((row) => textOf(row, "name"));
}

function findPending(migrations: readonly Migration[], applied: readonly string[]): readonly Migration[] {
  const known = new Set(applied);
  return migrations.filter(({ name }) => !known.has(name));
}

function refuseNewer(applied: readonly string[], migrations: readonly Migration[], backups: string): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new AppError("store", storeWords.newer({ step: unknown, backups }));
}

/** `20260131T120000Z`: sorts by time and is a file name everywhere. */
function toStamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
}
