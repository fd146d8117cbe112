import { dateOf, integerOf, optionalIntegerOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toPersonId, type GroupId, type PersonId } from "./ids.ts";

/** Known by an id that the platform never gives to another; never by a name. */
export interface Person {
  readonly id: PersonId;
  readonly channel: string;
  readonly account: string;
  readonly sender: string;
  readonly isOwner: boolean;
  /** Whoever holds the installation's token: the owner, while he does. */
  readonly holdsToken: boolean;
  readonly displayName: string | undefined;
  readonly createdAt: Date;
  /** Codes that were none, in a row, and when the last came. */
  readonly wrongCodes: number;
  readonly wrongAt: number | undefined;
  /** When he was last told, as a stranger, what to do. */
  readonly noticedAt: number | undefined;
  /** When the owner was last told of him. */
  readonly toldAt: number | undefined;
}

export interface SeenPerson {
  readonly channel: string;
  readonly account: string;
  readonly sender: string;
  readonly displayName: string | undefined;
  readonly holdsToken?: boolean;
  readonly now: number;
}

/** The person as known; a stranger if never seen. */
export async function seePerson(tx: Transaction, seen: SeenPerson): Promise<Person> {
  const { channel, account, sender, displayName, holdsToken = false, now } = seen;
  const row = await tx.get(
    "SELECT * FROM people WHERE channel = ? AND account = ? AND sender = ?",
    channel,
    account,
    sender,
  );
  if (row === undefined) {
    // Not by a conflict of an insert: each would use up a number, and people type these.
    const made = await tx.get(
      `INSERT INTO people (channel, account, sender, is_owner, holds_token, display_name, created_at)
       VALUES (?, ?, ?, 0, ?, ?, ?) RETURNING *`,
      channel,
      account,
      sender,
      holdsToken ? 1 : 0,
      displayName ?? null,
      now,
    );
    return toPerson(made ?? {});
  }
  const known = toPerson(row);
  const person = { ...known, displayName: displayName ?? known.displayName, holdsToken };
  if (person.displayName !== known.displayName || holdsToken !== known.holdsToken) {
    await tx.run(
      "UPDATE people SET display_name = ?, holds_token = ? WHERE id = ?",
      person.displayName ?? null,
      holdsToken ? 1 : 0,
      person.id,
    );
  }
  return person;
}

export async function findPerson(reader: Reader, id: PersonId): Promise<Person | undefined> {
  const row = await reader.get("SELECT * FROM people WHERE id = ?", id);
  return row === undefined ? undefined : toPerson(row);
}

/** Of an id on a channel, on any account of it. */
export async function findPeopleBySender(
  reader: Reader,
  channel: string,
  sender: string,
): Promise<readonly Person[]> {
  const rows = await reader.all(
    "SELECT * FROM people WHERE channel = ? AND sender = ? ORDER BY id",
    channel,
    sender,
  );
  return rows.map(toPerson);
}

export interface KnownPerson extends Person {
  /** Names of the groups in which he is a member. */
  readonly groups: readonly string[];
}

/** Whom the installation knows: owners and members, in the order they were first seen. */
export async function listKnownPeople(reader: Reader): Promise<readonly KnownPerson[]> {
  const rows = await reader.all(
    `SELECT * FROM people WHERE is_owner = 1 OR holds_token = 1 OR id IN (SELECT person_id FROM members)
     ORDER BY id`,
  );
  return await Promise.all(
    rows.map(async (row) => ({
      ...toPerson(row),
      groups: await listGroupsOf(reader, toPersonId(row["id"])),
    })),
  );
}

/** Everybody else who has written, the last seen first. */
export async function listStrangers(reader: Reader, limit: number): Promise<readonly Person[]> {
  const rows = await reader.all(
    `SELECT * FROM people WHERE is_owner = 0 AND holds_token = 0 AND id NOT IN (SELECT person_id FROM members)
     ORDER BY id DESC LIMIT ?`,
    limit,
  );
  return rows.map(toPerson);
}

export async function listGroupsOf(reader: Reader, person: PersonId): Promise<readonly string[]> {
  const rows = await reader.all(
    "SELECT name FROM groups JOIN members ON members.group_id = groups.id WHERE members.person_id = ? ORDER BY name",
    person,
  );
  return rows.map((row) => textOf(row, "name"));
}

/** Those who are somebody in a chat; who holds the token is not counted. */
export async function countOwners(reader: Reader): Promise<number> {
  const row = await reader.get("SELECT count(*) AS count FROM people WHERE is_owner = 1");
  return integerOf(row ?? {}, "count");
}

/** After that time. */
export async function countTold(reader: Reader, after: number): Promise<number> {
  const row = await reader.get("SELECT count(*) AS count FROM people WHERE told_at > ?", after);
  return integerOf(row ?? {}, "count");
}

export async function setWrongCodes(
  tx: Transaction,
  person: PersonId,
  { count, at }: { readonly count: number; readonly at: number | undefined },
): Promise<void> {
  await tx.run("UPDATE people SET wrong_codes = ?, wrong_at = ? WHERE id = ?", count, at ?? null, person);
}

export async function setNoticed(tx: Transaction, person: PersonId, now: number): Promise<void> {
  await tx.run("UPDATE people SET noticed_at = ? WHERE id = ?", now, person);
}

export async function setTold(tx: Transaction, person: PersonId, now: number): Promise<void> {
  await tx.run("UPDATE people SET told_at = ? WHERE id = ?", now, person);
}

/** A stranger from now on. */
export async function forgetRights(tx: Transaction, person: PersonId): Promise<void> {
  await setOwner(tx, person, false);
  await tx.run("DELETE FROM members WHERE person_id = ?", person);
}

export async function setOwner(tx: Transaction, person: PersonId, isOwner: boolean): Promise<void> {
  await tx.run("UPDATE people SET is_owner = ? WHERE id = ?", isOwner ? 1 : 0, person);
}

export async function addMember(
  tx: Transaction,
  group: GroupId,
  person: PersonId,
  now: number,
): Promise<void> {
  await tx.run(
    "INSERT OR IGNORE INTO members (group_id, person_id, added_at) VALUES (?, ?, ?)",
    group,
    person,
    now,
  );
}

export async function isMember(reader: Reader, group: GroupId, person: PersonId): Promise<boolean> {
  const row = await reader.get("SELECT 1 FROM members WHERE group_id = ? AND person_id = ?", group, person);
  return row !== undefined;
}

function toPerson(row: Row): Person {
  return {
    id: toPersonId(row["id"]),
    channel: textOf(row, "channel"),
    account: textOf(row, "account"),
    sender: textOf(row, "sender"),
    isOwner: row["is_owner"] === 1,
    holdsToken: row["holds_token"] === 1,
    displayName: optionalTextOf(row, "display_name"),
    createdAt: dateOf(row, "created_at"),
    wrongCodes: integerOf(row, "wrong_codes"),
    wrongAt: optionalIntegerOf(row, "wrong_at"),
    noticedAt: optionalIntegerOf(row, "noticed_at"),
    toldAt: optionalIntegerOf(row, "told_at"),
  };
}
