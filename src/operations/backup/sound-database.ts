import { Database as Sqlite } from "bun:sqlite";
import { AppError } from "../../errors.ts";
import { storeWords } from "../../words/english/store.ts";

/** Throws `AppError("store")` when SQLite finds a fault anywhere in the file. */
export function requireSound(file: string): void {
  const fault = findFault(file);
  if (fault !== undefined) throw new AppError("store", storeWords.damaged({ file }), { cause: fault });
}

/** What SQLite says is wrong with it; nothing when it is sound. Reads only. */
export function findFault(file: string): unknown {
  try {
    using database = new Sqlite(file, { readonly: true });
    const row = database.query<Readonly<Record<string, unknown>>, []>("PRAGMA integrity_check(1)").get();
    const said = row?.["integrity_check"];
    return said === "ok" ? undefined : said;
  } catch (error) {
    return error;
  }
}
