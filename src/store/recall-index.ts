import { integerOf, optionalTextOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toIndexText, toIndexWords } from "./index-words.ts";
import type { GroupId, MemoryId, SessionId } from "./ids.ts";

/** A row of the index leads to one of these. */
export type Recalled =
  | { readonly kind: "memory"; readonly memory: number }
  | { readonly kind: "entry"; readonly entry: number };

export interface RecalledEntry {
  readonly text: string;
  readonly role: string;
  readonly session: number;
  readonly taint: number;
  readonly at: Date;
}

/** In one transaction: nobody waits longer for it than for a few messages. */
const batch = 500;
const longestIndexed = 20_000;

/**
 * Takes up to some hundred entries into the group's own index of words, which no other group's search ever reads.
 * True: there are more.
 */
export async function indexEntries(tx: Transaction, group: GroupId): Promise<boolean> {
  const table = await ensureTable(tx, group);
  const mark = await tx.get("SELECT entry_id FROM recall_marks WHERE group_id = ?", group);
  const rows = await tx.all(
    `SELECT entries.id, entries.kind, iif(json_valid(body), body, '{}') AS body FROM entries
     JOIN sessions ON sessions.id = entries.session_id
     WHERE sessions.group_id = ? AND entries.id > ? AND kind IN ('user', 'assistant') ORDER BY entries.id LIMIT ?`,
    group,
    mark === undefined ? 0 : integerOf(mark, "entry_id"),
    batch,
  );
  for (const row of rows) {
    const text = toWords(row);
    if (text === "") continue;
    await tx.run(
      `INSERT INTO ${table} (rowid, body) VALUES (?, ?)`,
      entryRow(row),
      toIndexText(text.slice(0, longestIndexed)),
    );
  }
  const last = rows.at(-1);
  if (last !== undefined) {
    await tx.run(
      "INSERT INTO recall_marks VALUES (?, ?) ON CONFLICT (group_id) DO UPDATE SET entry_id = excluded.entry_id",
      group,
      integerOf(last, "id"),
    );
  }
  return rows.length === batch;
}

export async function indexMemory(
  tx: Transaction,
  group: GroupId,
  id: MemoryId,
  text: string,
): Promise<void> {
  const table = await ensureTable(tx, group);
  await tx.run(`INSERT INTO ${table} (rowid, body) VALUES (?, ?)`, memoryRow(id), toIndexText(text));
}

/** `text` as it was taken in: the index holds no rows, only words, and each is taken out at once. */
export async function forgetMemory(
  tx: Transaction,
  group: GroupId,
  id: MemoryId,
  text: string,
): Promise<void> {
  const table = await ensureTable(tx, group);
  await tx.run(
    `INSERT INTO ${table} (${table}, rowid, body) VALUES ('delete', ?, ?)`,
    memoryRow(id),
    toIndexText(text),
  );
}

/** `before` is what was taken in of the entry; nothing is done to one that is not in the index yet. */
export async function reindexEntry(
  tx: Transaction,
  group: GroupId,
  entry: number,
  { before, after }: { readonly before: Row; readonly after: Row },
): Promise<void> {
  const mark = await tx.get("SELECT entry_id FROM recall_marks WHERE group_id = ?", group);
  if (mark === undefined || integerOf(mark, "entry_id") < entry) return;
  const table = await ensureTable(tx, group);
  const [old, fresh] = [toWords(before), toWords(after)].map((text) => text.slice(0, longestIndexed));
  if (old !== undefined && old !== "") {
    await tx.run(
      `INSERT INTO ${table} (${table}, rowid, body) VALUES ('delete', ?, ?)`,
      entry * 2,
      toIndexText(old),
    );
  }
  if (fresh !== undefined && fresh !== "")
    await tx.run(`INSERT INTO ${table} (rowid, body) VALUES (?, ?)`, entry * 2, toIndexText(fresh));
}

/** Before entries go: each of their words is taken out of the index, as far as that has come. */
export async function forgetEntries(tx: Transaction, group: GroupId, session: SessionId): Promise<void> {
  const mark = await tx.get("SELECT entry_id FROM recall_marks WHERE group_id = ?", group);
  if (mark === undefined) return;
  const table = await ensureTable(tx, group);
  const rows = await tx.all(
    `SELECT id, kind, iif(json_valid(body), body, '{}') AS body FROM entries
     WHERE session_id = ? AND id <= ? AND kind IN ('user', 'assistant')`,
    session,
    integerOf(mark, "entry_id"),
  );
  for (const row of rows) {
    const text = toWords(row);
    if (text === "") continue;
    await tx.run(
      `INSERT INTO ${table} (${table}, rowid, body) VALUES ('delete', ?, ?)`,
      entryRow(row),
      toIndexText(text.slice(0, longestIndexed)),
    );
  }
}

/** A word that stands in more of the rows than this says little, and costs most. */
const commonShare = 0.02;
const fewRows = 2000;

/** The best first. Words that stand nearly everywhere count only where no other is asked for. */
export async function searchIndex(
  reader: Reader,
  group: GroupId,
  query: string,
  limit: number,
): Promise<readonly Recalled[]> {
  const table = toTable(group);
  const there = await reader.get("SELECT 1 FROM sqlite_schema WHERE name = ?", table);
  const words = there === undefined ? [] : toIndexWords(query);
  if (words.length === 0) return [];
  const chosen = await chooseWords(reader, table, words);
  if (chosen.length === 0) return [];
  const match = chosen.map((word) => `"${word}"`).join(" OR ");
  const rows = await reader.all(
    `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ORDER BY rank LIMIT ?`,
    match,
    limit,
  );
  return rows.map((row) => {
    const id = integerOf(row, "rowid");
    return id % 2 === 1 ? { kind: "memory", memory: (id - 1) / 2 } : { kind: "entry", entry: id / 2 };
  });
}

async function chooseWords(
  reader: Reader,
  table: string,
  words: readonly string[],
): Promise<readonly string[]> {
  const size = await reader.get(`SELECT max(rowid) / 2 AS rows FROM ${table}`);
  const most = Math.max(fewRows, Number(size?.["rows"] ?? 0) * commonShare);
  const counted = await Promise.all(
    words.map(async (word) => {
      const row = await reader.get(`SELECT doc FROM ${table}_words WHERE term = ?`, fold(word));
      return { word, count: row === undefined ? 0 : integerOf(row, "doc") };
    }),
  );
  const known = counted.filter(({ count }) => count > 0).toSorted((one, other) => one.count - other.count);
  const rare = known.filter(({ count }) => count <= most);
  // Of nothing but common words the least common one decides.
  return (rare.length > 0 ? rare : known.slice(0, 1)).map(({ word }) => word);
}

/** As the index folds it: without marks on letters. */
function fold(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "");
}

/** What stands behind a row of the index, of this group and no other. */
export async function readRecalled(
  reader: Reader,
  group: GroupId,
  entry: number,
): Promise<RecalledEntry | undefined> {
  const row = await reader.get(
    `SELECT entries.kind, iif(json_valid(body), body, '{}') AS body, entries.session_id, entries.created_at, entries.taint
     FROM entries JOIN sessions ON sessions.id = entries.session_id WHERE entries.id = ? AND sessions.group_id = ?`,
    entry,
    group,
  );
  return row === undefined ? undefined : toRecalledEntry(row);
}

/** What people and the assistant said since a time, tasks' runs left out: the last of it, in its order. */
export async function listSaid(
  reader: Reader,
  group: GroupId,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<readonly RecalledEntry[]> {
  const rows = await reader.all(
    `SELECT entries.kind, iif(json_valid(body), body, '{}') AS body, entries.session_id, entries.created_at, entries.taint
     FROM entries JOIN sessions ON sessions.id = entries.session_id
     WHERE sessions.group_id = ? AND sessions.task_id IS NULL AND entries.created_at >= ?
       AND kind IN ('user', 'assistant') ORDER BY entries.id DESC LIMIT ?`,
    group,
    since,
    limit * 4,
  );
  // An answer that only calls tools has no words.
  const said = rows.map(toRecalledEntry).filter(({ text }) => text !== "");
  return said.slice(0, limit).toReversed();
}

function toRecalledEntry(row: Row): RecalledEntry {
  return {
    text: toWords(row),
    role: optionalTextOf(row, "kind") ?? "",
    session: integerOf(row, "session_id"),
    taint: integerOf(row, "taint"),
    at: new Date(integerOf(row, "created_at")),
  };
}

/** Contentless: the words of a row stand once, in their own table, and go from here when they go from there. */
async function ensureTable(tx: Transaction, group: GroupId): Promise<string> {
  const table = toTable(group);
  const there = await tx.get("SELECT 1 FROM sqlite_schema WHERE name = ?", table);
  if (there !== undefined) return table;
  await tx.run(
    `CREATE VIRTUAL TABLE ${table} USING fts5(body, content = '', tokenize = "unicode61 remove_diacritics 2")`,
  );
  await tx.run(`INSERT INTO ${table} (${table}, rank) VALUES ('secure-delete', 1)`);
  await tx.run(`CREATE VIRTUAL TABLE ${table}_words USING fts5vocab(${table}, row)`);
  return table;
}

/** Of a number that the database gave out. */
function toTable(group: GroupId): string {
  return `recall_${Number(group)}`;
}

function memoryRow(id: MemoryId): number {
  return Number(id) * 2 + 1;
}

function entryRow(row: Row): number {
  return integerOf(row, "id") * 2;
}

/** What was said, without what was added for the model. */
function toWords(row: Row): string {
  const body: unknown = JSON.parse(optionalTextOf(row, "body") ?? "{}");
  const content = typeof body === "object" && body !== null && "content" in body ? body.content : [];
  if (!Array.isArray(content)) return "";
  return content
    .flatMap((part: unknown) =>
      typeof part === "object" && part !== null && "text" in part && typeof part.text === "string"
        ? [part.text]
        : [],
    )
    .filter((text) => !text.startsWith("<context>"))
    .join("\n");
}
