import { AppError } from "../errors.ts";
import { dateOf, integerOf, optionalDateOf, optionalIntegerOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toGroupId, type GroupId, type PersonId } from "./ids.ts";
import { findNearestWord } from "../nearest-word.ts";
import { usageWords } from "../words/english/usage.ts";

export interface Group {
  readonly id: GroupId;
  readonly name: string;
  /** The owner of its files on the host, from a range that the system doesn't use. Never given out twice. */
  readonly uid: number;
  readonly title: string | undefined;
  readonly createdAt: Date;
  /** Of its writable folder, as bits. */
  readonly taint: number;
  /** It has ended: its rows stay, and nothing runs in it any more. */
  readonly removedAt?: Date | undefined;
}

export interface GroupSummary extends Group {
  readonly sessions: number;
  readonly entries: number;
  readonly chats: number;
}

/** The owner's private group; it is there from the first use. */
export const mainGroup = "main";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export async function findGroup(reader: Reader, name: string): Promise<Group | undefined> {
  const row = await reader.get("SELECT * FROM groups WHERE name = ? AND removed_at IS NULL", name);
  return row === undefined ? undefined : toGroup(row);
}

export async function findGroupById(reader: Reader, id: GroupId): Promise<Group | undefined> {
  const row = await reader.get("SELECT * FROM groups WHERE id = ?", id);
  return row === undefined ? undefined : toGroup(row);
}

/** Throws `AppError("not-found")` naming the groups that there are. */
export async function getGroup(reader: Reader, name: string): Promise<Group> {
  const group = await findGroup(reader, name);
  if (group !== undefined) return group;
  throw unknownGroup(
    name,
    (await listGroups(reader)).map((each) => each.name),
  );
}

export function unknownGroup(name: string, known: readonly string[]): AppError {
  const nearest = findNearestWord(name, known);
  const isName = namePattern.test(name);
  return new AppError("not-found", usageWords.unknownGroup({ name, nearest, known, isName }));
}

/** Of a row that refers to it. */
export async function getGroupById(reader: Reader, id: GroupId): Promise<Group> {
  const group = await findGroupById(reader, id);
  if (group === undefined) throw new AppError("not-found", `Group ${id} is no longer there.`);
  return group;
}

/** In the order they were made. */
export async function listGroups(reader: Reader): Promise<Group[]> {
  return (await reader.all("SELECT * FROM groups WHERE removed_at IS NULL ORDER BY id")).map(toGroup);
}

/** Those that were removed too: their uids are never given to another. */
export async function listGroupsEver(reader: Reader): Promise<Group[]> {
  return (await reader.all("SELECT * FROM groups ORDER BY id")).map(toGroup);
}

export async function summarizeGroups(reader: Reader): Promise<GroupSummary[]> {
  const rows = await reader.all(
    `SELECT groups.*, count(DISTINCT sessions.id) AS sessions, count(entries.id) AS entries,
       (SELECT count(*) FROM chats WHERE chats.group_id = groups.id) AS chats
     FROM groups LEFT JOIN sessions ON sessions.group_id = groups.id LEFT JOIN entries ON entries.session_id = sessions.id
     WHERE groups.removed_at IS NULL GROUP BY groups.id ORDER BY groups.id`,
  );
  return rows.map((row) => ({
    ...toGroup(row),
    sessions: integerOf(row, "sessions"),
    entries: integerOf(row, "entries"),
    chats: integerOf(row, "chats"),
  }));
}

/** Throws `AppError`: a name that is not allowed (`usage`) or is taken (`conflict`). */
export async function addGroup(
  tx: Transaction,
  {
    name,
    title,
    person,
    now,
  }: {
    readonly name: string;
    readonly title?: string;
    /** For whom alone it is made by itself. */
    readonly person?: PersonId;
    readonly now: number;
  },
): Promise<Group> {
  await checkFreeName(tx, name, undefined);
  const row = await tx.get(
    "INSERT INTO groups (name, title, person_id, created_at) VALUES (?, ?, ?, ?) RETURNING *",
    name,
    title ?? null,
    person ?? null,
    now,
  );
  return toGroup(row ?? {});
}

/** The newest that was made for this person alone. */
export async function findGroupOfPerson(reader: Reader, person: PersonId): Promise<Group | undefined> {
  const row = await reader.get(
    "SELECT * FROM groups WHERE person_id = ? AND removed_at IS NULL ORDER BY id DESC LIMIT 1",
    person,
  );
  return row === undefined ? undefined : toGroup(row);
}

/** Those that were made by themselves, for one person each, after that time. */
export async function countOwnGroups(reader: Reader, after: number): Promise<number> {
  const row = await reader.get(
    "SELECT count(*) AS count FROM groups WHERE person_id IS NOT NULL AND created_at > ?",
    after,
  );
  return integerOf(row ?? {}, "count");
}

/** Throws `AppError`: a name that is not allowed (`usage`) or is another's (`conflict`). */
export async function renameGroup(tx: Transaction, group: GroupId, name: string): Promise<void> {
  await checkFreeName(tx, name, group);
  await tx.run("UPDATE groups SET name = ? WHERE id = ?", name, group);
}

/** It ends, and its name is free. Returns what it is called from now on. */
export async function endGroup(tx: Transaction, { id, name }: Group, now: number): Promise<string> {
  const suffix = `-removed-${id}`;
  const ended = `${name.slice(0, 64 - suffix.length)}${suffix}`;
  await renameGroup(tx, id, ended);
  await tx.run("UPDATE groups SET removed_at = ? WHERE id = ?", now, id);
  return ended;
}

async function checkFreeName(tx: Transaction, name: string, own: GroupId | undefined): Promise<void> {
  if (!namePattern.test(name)) throw new AppError("usage", usageWords.groupName({ name }));
  const taken = await tx.get(
    "SELECT name FROM groups WHERE lower(name) = lower(?) AND id IS NOT ?",
    name,
    own ?? null,
  );
  if (taken === undefined) return;
  throw new AppError("conflict", usageWords.groupTaken({ name: textOf(taken, "name") }));
}

/** Only while it has no files. Its usual uid is never given to another, so that it can be no group's by mistake. */
export async function setOtherUid(tx: Transaction, group: GroupId, uid: number): Promise<void> {
  await tx.run("UPDATE groups SET other_uid = ? WHERE id = ?", uid, group);
}

/** The bits stick: only the owner clears them, with `clearGroupTaint`. */
export async function addGroupTaint(tx: Transaction, group: GroupId, taint: number): Promise<void> {
  await tx.run("UPDATE groups SET taint = taint | ? WHERE id = ?", taint, group);
}

export async function clearGroupTaint(tx: Transaction, group: GroupId): Promise<void> {
  await tx.run("UPDATE groups SET taint = 0 WHERE id = ?", group);
}

function toGroup(row: Row): Group {
  return {
    id: toGroupId(row["id"]),
    name: textOf(row, "name"),
    uid: optionalIntegerOf(row, "other_uid") ?? integerOf(row, "uid"),
    title: optionalTextOf(row, "title"),
    createdAt: dateOf(row, "created_at"),
    taint: integerOf(row, "taint"),
    removedAt: optionalDateOf(row, "removed_at"),
  };
}
