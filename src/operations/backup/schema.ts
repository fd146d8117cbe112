import { textOf } from "../../store/columns.ts";
import type { Reader } from "../../store/database.ts";

/** What of `database` is not as our migrations make it in `fresh`: the name of a table that is another, or of a trigger or view that we do not have. */
export async function findStrange(database: Reader, fresh: Reader): Promise<string | undefined> {
  const [found, ours] = await Promise.all([readSchema(database), readSchema(fresh)]);
  for (const [name, { sql }] of ours) if (found.get(name)?.sql !== sql) return name;
  for (const [name, { type }] of found) {
    if (!ours.has(name) && (type === "trigger" || type === "view")) return name;
  }
  return undefined;
}

async function readSchema(reader: Reader): Promise<ReadonlyMap<string, { type: string; sql: string }>> {
  const rows = await reader.all(
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
  );
  return new Map(
    rows.map((row) => [textOf(row, "name"), { type: textOf(row, "type"), sql: textOf(row, "sql") }] as const),
  );
}
