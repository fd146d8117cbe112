import { AppError } from "../errors.ts";
import { promptWords } from "../words/english/prompt.ts";
import { dateOf, integerOf, optionalTextOf } from "./columns.ts";
import type { Database, Reader, Row, Transaction } from "./database.ts";
import { toGroupId, toSessionId, type GroupId, type SessionId, type TaskId } from "./ids.ts";

export interface Session {
  readonly id: SessionId;
  readonly group: GroupId;
  readonly name: string | undefined;
  readonly isCurrent: boolean;
  /** The system prompt of its turns, once the first has made it. */
  readonly prefix: SessionPrefix | undefined;
  readonly createdAt: Date;
  /** Of the conversation, as bits. */
  readonly taint: number;
}

export interface SessionPrefix {
  readonly text: string;
  readonly hash: string;
}

export async function findCurrentSession(reader: Reader, group: GroupId): Promise<Session | undefined> {
  const row = await reader.get("SELECT * FROM sessions WHERE group_id = ? AND is_current = 1", group);
  return row === undefined ? undefined : toSession(row);
}

async function findNamedSession(reader: Reader, group: GroupId, name: string): Promise<Session | undefined> {
  const row = await reader.get("SELECT * FROM sessions WHERE group_id = ? AND name = ?", group, name);
  return row === undefined ? undefined : toSession(row);
}

/** Of a row that refers to it. */
export async function getSessionById(reader: Reader, id: SessionId): Promise<Session> {
  const row = await reader.get("SELECT * FROM sessions WHERE id = ?", id);
  if (row === undefined) throw new AppError("not-found", `Session ${id} is no longer there.`);
  return toSession(row);
}

/** The session that the group's chats share; made if it is not there. */
export async function ensureCurrentSession(tx: Transaction, group: GroupId, now: number): Promise<Session> {
  return (await findCurrentSession(tx, group)) ?? (await startSession(tx, group, now));
}

/** A session of its own beside the current one; made if it is not there. */
export async function ensureNamedSession(
  tx: Transaction,
  group: GroupId,
  name: string,
  now: number,
): Promise<Session> {
  const known = await findNamedSession(tx, group, name);
  if (known !== undefined) return known;
  const row = await tx.get(
    "INSERT INTO sessions (group_id, name, created_at) VALUES (?, ?, ?) RETURNING *",
    group,
    name,
    now,
  );
  return toSession(row ?? {});
}

/** The one of that name, without a name the current one; made if it is not there. Nearly always it is, and a look waits for no writer. */
export async function openSession(
  database: Database,
  { group, name, now }: { readonly group: GroupId; readonly name: string | undefined; readonly now: number },
): Promise<Session> {
  if (name === undefined) {
    const current = await findCurrentSession(database, group);
    return current ?? (await database.transaction((tx) => ensureCurrentSession(tx, group, now)));
  }
  const named = await findNamedSession(database, group, name);
  return named ?? (await database.transaction((tx) => ensureNamedSession(tx, group, name, now)));
}

/** What the session of a task's runs is called while one may go on in it. */
export function toTaskSessionName(task: TaskId): string {
  return `task:${task}`;
}

/** A session in which nothing was said yet, for the next run of the task; no person is offered it. */
export async function renewTaskSession(
  tx: Transaction,
  { group, task, now }: { readonly group: GroupId; readonly task: TaskId; readonly now: number },
): Promise<void> {
  const name = toTaskSessionName(task);
  await tx.run(
    `UPDATE sessions SET name = NULL WHERE group_id = ? AND name = ?
       AND EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id)`,
    group,
    name,
  );
  const { id } = await ensureNamedSession(tx, group, name, now);
  await tx.run("UPDATE sessions SET task_id = ? WHERE id = ?", task, id);
}

/** Begins a new current session, untainted; the one before stays readable. */
export async function startSession(tx: Transaction, group: GroupId, now: number): Promise<Session> {
  await tx.run("UPDATE sessions SET is_current = 0 WHERE group_id = ? AND is_current = 1", group);
  const row = await tx.get(
    "INSERT INTO sessions (group_id, is_current, created_at) VALUES (?, 1, ?) RETURNING *",
    group,
    now,
  );
  return toSession(row ?? {});
}

/** Makes it the one that the group's chats share. */
export async function resumeSession(tx: Transaction, { group, id }: Session): Promise<void> {
  await tx.run("UPDATE sessions SET is_current = 0 WHERE group_id = ? AND is_current = 1", group);
  await tx.run("UPDATE sessions SET is_current = 1 WHERE id = ?", id);
}

/** Throws `AppError("conflict")`: another session of the group has that name. */
export async function nameSession(tx: Transaction, { group, id }: Session, name: string): Promise<void> {
  const taken = await tx.get(
    "SELECT id FROM sessions WHERE group_id = ? AND name = ? AND id <> ?",
    group,
    name,
    id,
  );
  if (taken !== undefined) throw new AppError("conflict", promptWords.sessionTaken({ name }));
  await tx.run("UPDATE sessions SET name = ? WHERE id = ?", name, id);
}

/** The next turn makes a new one. */
export async function clearSessionPrefix(tx: Transaction, session: SessionId): Promise<void> {
  await tx.run("UPDATE sessions SET prefix = NULL, prefix_hash = NULL WHERE id = ?", session);
}

export async function setSessionPrefix(
  tx: Transaction,
  session: SessionId,
  { text, hash }: SessionPrefix,
): Promise<void> {
  await tx.run("UPDATE sessions SET prefix = ?, prefix_hash = ? WHERE id = ?", text, hash, session);
}

export async function addSessionTaint(tx: Transaction, session: SessionId, taint: number): Promise<void> {
  await tx.run("UPDATE sessions SET taint = taint | ? WHERE id = ?", taint, session);
}

/** A row of `sessions`. */
export function toSession(row: Row): Session {
  const text = optionalTextOf(row, "prefix");
  const hash = optionalTextOf(row, "prefix_hash");
  return {
    id: toSessionId(row["id"]),
    group: toGroupId(row["group_id"]),
    name: optionalTextOf(row, "name"),
    isCurrent: row["is_current"] === 1,
    prefix: text === undefined || hash === undefined ? undefined : { text, hash },
    createdAt: dateOf(row, "created_at"),
    taint: integerOf(row, "taint"),
  };
}
