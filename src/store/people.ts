import { dateOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toPersonId, type GroupId, type PersonId } from "./ids.ts";

/** Known by an id that the platform never gives to another; never by a name. */
export interface Person {
  readonly id: PersonId;
  readonly channel: string;
  readonly account: string;
  readonly sender: string;
  readonly isOwner: boolean;
  readonly displayName: string | undefined;
  readonly createdAt: Date;
}

export interface SeenPerson {
  readonly channel: string;
  readonly account: string;
  readonly sender: string;
  readonly displayName: string | undefined;
  readonly now: number;
}

/** The person as known; a stranger if never seen. */
export async function seePerson(tx: Transaction, seen: SeenPerson): Promise<Person> {
  const row = await tx.get(
    `INSERT INTO people (channel, account, sender, is_owner, display_name, created_at) VALUES (?, ?, ?, 0, ?, ?)
     ON CONFLICT (channel, account, sender) DO UPDATE SET display_name = coalesce(excluded.display_name, display_name)
     RETURNING *`,
    seen.channel,
    seen.account,
    seen.sender,
    seen.displayName ?? null,
    seen.now,
  );
  return toPerson(row ?? {});
}

export async function findPerson(reader: Reader, id: PersonId): Promise<Person | undefined> {
  const row = await reader.get("SELECT * FROM people WHERE id = ?", id);
  return row === undefined ? undefined : toPerson(row);
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
    displayName: optionalTextOf(row, "display_name"),
    createdAt: dateOf(row, "created_at"),
  };
}
