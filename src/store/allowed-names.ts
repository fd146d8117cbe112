import { textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { PersonId } from "./ids.ts";
import type { Person } from "./people.ts";

/**
 * Whether a name on an allow list is this person's: it belongs to the first who wrote under it. A platform hands a name
 * that was given up to the next who asks for it; he is somebody else.
 */
export async function claimAllowedName(
  tx: Transaction,
  { channel, account, id }: Pick<Person, "channel" | "account" | "id">,
  name: string,
  now: number,
): Promise<boolean> {
  const row = await tx.get(
    "SELECT person_id FROM allowed_names WHERE channel = ? AND account = ? AND name = ?",
    channel,
    account,
    name,
  );
  if (row !== undefined) return row["person_id"] === id;
  await tx.run(
    "INSERT INTO allowed_names (channel, account, name, person_id, since) VALUES (?, ?, ?, ?, ?)",
    channel,
    account,
    name,
    id,
    now,
  );
  return true;
}

/** The name under which somebody was let in last. */
export async function findAllowedName(reader: Reader, person: PersonId): Promise<string | undefined> {
  const row = await reader.get(
    "SELECT name FROM allowed_names WHERE person_id = ? ORDER BY since DESC LIMIT 1",
    person,
  );
  return row === undefined ? undefined : textOf(row, "name");
}

/** What somebody was let in by is free for another. */
export async function dropAllowedNames(tx: Transaction, person: PersonId): Promise<void> {
  await tx.run("DELETE FROM allowed_names WHERE person_id = ?", person);
}
