import { textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import type { GroupId } from "./ids.ts";

/** As it is stored; `terms` is JSON, and what it means is the business of who uses it. */
export interface StoredGrant {
  readonly name: string;
  readonly secret: string;
  readonly base: string;
  readonly terms: string;
}

export async function listGrants(reader: Reader, group: GroupId): Promise<StoredGrant[]> {
  return (await reader.all("SELECT * FROM grants WHERE group_id = ? ORDER BY name", group)).map(toGrant);
}

/** With the name of the group of each. */
export async function listGrantsOf(
  reader: Reader,
  secret: string,
): Promise<(StoredGrant & { readonly group: string })[]> {
  const rows = await reader.all(
    `SELECT grants.*, groups.name AS group_name FROM grants JOIN groups ON groups.id = grants.group_id
     WHERE secret = ? ORDER BY groups.name, grants.name`,
    secret,
  );
  return rows.map((row) => ({ ...toGrant(row), group: textOf(row, "group_name") }));
}

export async function findGrant(
  reader: Reader,
  group: GroupId,
  name: string,
): Promise<StoredGrant | undefined> {
  const row = await reader.get("SELECT * FROM grants WHERE group_id = ? AND name = ?", group, name);
  return row === undefined ? undefined : toGrant(row);
}

/** In the place of one of that name. */
export async function saveGrant(
  tx: Transaction,
  group: GroupId,
  { name, secret, base, terms, now }: StoredGrant & { readonly now: number },
): Promise<void> {
  await tx.run(
    `INSERT INTO grants (group_id, name, secret, base, terms, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (group_id, name) DO UPDATE SET secret = excluded.secret, base = excluded.base, terms = excluded.terms`,
    group,
    name,
    secret,
    base,
    terms,
    now,
  );
}

/** Whether there was one. */
export async function removeGrant(tx: Transaction, group: GroupId, name: string): Promise<boolean> {
  const { changes } = await tx.run("DELETE FROM grants WHERE group_id = ? AND name = ?", group, name);
  return changes > 0;
}

function toGrant(row: Row): StoredGrant {
  return {
    name: textOf(row, "name"),
    secret: textOf(row, "secret"),
    base: textOf(row, "base"),
    terms: textOf(row, "terms"),
  };
}
