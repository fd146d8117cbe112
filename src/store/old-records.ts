import { integerOf, optionalIntegerOf, textOf } from "./columns.ts";
import type { Database, Row, Transaction } from "./database.ts";
import { toGroupId, toSessionId } from "./ids.ts";
import { forgetEntries } from "./recall-index.ts";

/** Epoch milliseconds; what ended before goes. Undefined: it is kept for good. */
export interface OldRecordsOptions {
  readonly journalBefore: number | undefined;
  readonly messagesBefore: number | undefined;
}

export interface DroppedRecords {
  /** Turns of which only the outcome and the conversation remain. */
  readonly turns: number;
  /** Of tasks' runs, each in a session that nobody goes on with. */
  readonly sessions: number;
  readonly messages: number;
  readonly replies: number;
}

/** In one transaction: no message waits longer for it than for a few commits. */
const batch = 200;
/** Each has some dozen entries. */
const sessionsAtOnce = 10;

/**
 * Takes away what was recorded for a while only: the journals of turns, what was said in the sessions that tasks made for
 * their runs, and the inbox's and the outbox's rows that have ended. Conversations of people, usage and the audit log stay. Safe to cut off at any point, and to repeat.
 */
export async function dropOldRecords(
  database: Database,
  { journalBefore, messagesBefore }: OldRecordsOptions,
  signal: AbortSignal,
): Promise<DroppedRecords> {
  const inBatches = async (drop: (tx: Transaction, after: number) => Promise<Batch>): Promise<number> => {
    let dropped = 0;
    for (let after: number | undefined = 0; after !== undefined;) {
      signal.throwIfAborted();
      const from: number = after;
      const done: Batch = await database.transaction((tx) => drop(tx, from));
      dropped += done.dropped;
      after = done.next;
    }
    return dropped;
  };
  const turns =
    journalBefore === undefined ? 0 : await inBatches((tx, after) => dropJournals(tx, after, journalBefore));
  const sessions =
    journalBefore === undefined
      ? 0
      : await inBatches((tx, after) => dropTaskSessions(tx, after, journalBefore));
  if (messagesBefore === undefined) return { turns, sessions, messages: 0, replies: 0 };
  // First what answers, then what is answered: a reply names its message.
  const replies = await inBatches((tx, after) => dropReplies(tx, after, messagesBefore));
  const messages = await inBatches((tx, after) => dropMessages(tx, after, messagesBefore));
  return { turns, sessions, messages, replies };
}

interface Batch {
  readonly dropped: number;
  /** The last id that was looked at; undefined at the end. */
  readonly next: number | undefined;
}

/** Ids grow with time: the first row that is too young ends it. */
async function dropJournals(tx: Transaction, after: number, before: number): Promise<Batch> {
  const rows = await tx.all(
    `SELECT id, ended_at FROM turns WHERE id > ? AND id >= (SELECT min(turn_id) FROM journal) AND started_at < ?
     ORDER BY id LIMIT ?`,
    after,
    before,
    batch,
  );
  const ended = rows.filter((row) => isBefore(row, before));
  for (const row of ended) await tx.run("DELETE FROM journal WHERE turn_id = ?", integerOf(row, "id"));
  return { dropped: ended.length, next: nextOf(rows) };
}

/** The task's next run has a session of its own, and what came of this one stands in the log and in the chat. The row stays: turns name it. */
async function dropTaskSessions(tx: Transaction, after: number, before: number): Promise<Batch> {
  const rows = await tx.all(
    `SELECT id, group_id FROM sessions WHERE id > ? AND task_id IS NOT NULL AND name IS NULL AND created_at < ?
       AND EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id)
       AND NOT EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id AND created_at >= ?)
     ORDER BY id LIMIT ?`,
    after,
    before,
    before,
    sessionsAtOnce,
  );
  for (const row of rows) {
    const session = toSessionId(row["id"]);
    await forgetEntries(tx, toGroupId(row["group_id"]), session);
    // The last entry of all stays, so that its number never means another.
    await tx.run("DELETE FROM entries WHERE session_id = ? AND id < (SELECT max(id) FROM entries)", session);
  }
  const last = rows.length < sessionsAtOnce ? undefined : rows.at(-1);
  return { dropped: rows.length, next: last === undefined ? undefined : integerOf(last, "id") };
}

async function dropReplies(tx: Transaction, after: number, before: number): Promise<Batch> {
  const rows = await tx.all(
    "SELECT id, ended_at FROM replies WHERE id > ? AND created_at < ? ORDER BY id LIMIT ?",
    after,
    before,
    batch,
  );
  const ended = rows.filter((row) => isBefore(row, before));
  for (const row of ended) await tx.run("DELETE FROM replies WHERE id = ?", integerOf(row, "id"));
  return { dropped: ended.length, next: nextOf(rows) };
}

async function dropMessages(tx: Transaction, after: number, before: number): Promise<Batch> {
  const rows = await tx.all(
    "SELECT id, ended_at, state FROM messages WHERE id > ? AND received_at < ? ORDER BY id LIMIT ?",
    after,
    before,
    batch,
  );
  // What was overheard has no end of its own.
  const ended = rows.filter((row) => textOf(row, "state") === "overheard" || isBefore(row, before));
  let dropped = 0;
  for (const row of ended) {
    const { changes } = await tx.run(
      "DELETE FROM messages WHERE id = ? AND NOT EXISTS (SELECT 1 FROM replies WHERE message_id = messages.id)",
      integerOf(row, "id"),
    );
    dropped += changes;
  }
  return { dropped, next: nextOf(rows) };
}

function isBefore(row: Row, before: number): boolean {
  return (optionalIntegerOf(row, "ended_at") ?? before) < before;
}

function nextOf(rows: readonly Row[]): number | undefined {
  const last = rows.length < batch ? undefined : rows.at(-1);
  return last === undefined ? undefined : integerOf(last, "id");
}
