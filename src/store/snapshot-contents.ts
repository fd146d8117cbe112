import { integerOf, textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { GroupId, SnapshotId } from "./ids.ts";

export interface ContentChanges {
  /** Hash to size: what the newest snapshot lists and the one before it did not. */
  readonly came: ReadonlyMap<string, number>;
  /** What it does not list any more. */
  readonly went: Iterable<string>;
  /** The one before it; without one nothing can have gone. */
  readonly previous: SnapshotId | undefined;
}

/** Costs as much as has changed, however much there is. */
export async function moveContents(
  tx: Transaction,
  group: GroupId,
  { came, went, previous }: ContentChanges,
): Promise<void> {
  if (previous !== undefined) {
    for (const hash of went) {
      await tx.run(
        "UPDATE snapshot_contents SET last_snapshot = ? WHERE group_id = ? AND hash = ?",
        previous,
        group,
        hash,
      );
    }
  }
  for (const [hash, bytes] of came) {
    await tx.run(
      `INSERT INTO snapshot_contents (group_id, hash, bytes) VALUES (?, ?, ?)
       ON CONFLICT (group_id, hash) DO UPDATE SET last_snapshot = NULL`,
      group,
      hash,
      bytes,
    );
  }
}

export interface Retention {
  readonly snapshots: number;
  readonly bytes: number;
}

/** Forgets the oldest snapshots beyond the limits, never the newest. Returns the contents that nobody needs any more. */
export async function dropOldSnapshots(
  tx: Transaction,
  group: GroupId,
  { snapshots, bytes }: Retention,
): Promise<string[]> {
  const rows = await tx.all("SELECT id FROM snapshots WHERE group_id = ? ORDER BY id", group);
  const ids = rows.map((row) => integerOf(row, "id"));
  let first = Math.max(0, ids.length - snapshots);
  while (first < ids.length - 1 && (await sumFrom(tx, group, ids[first] ?? 0)) > bytes) first += 1;
  const oldest = ids[first];
  if (first === 0 || oldest === undefined) return [];
  await tx.run("DELETE FROM snapshots WHERE group_id = ? AND id < ?", group, oldest);
  const gone = await tx.all(
    "DELETE FROM snapshot_contents WHERE group_id = ? AND last_snapshot < ? RETURNING hash",
    group,
    oldest,
  );
  return gone.map((row) => textOf(row, "hash"));
}

/** What the snapshots from `oldest` on need. */
async function sumFrom(tx: Transaction, group: GroupId, oldest: number): Promise<number> {
  const row = await tx.get(
    `SELECT coalesce(sum(bytes), 0) AS bytes FROM snapshot_contents
     WHERE group_id = ? AND (last_snapshot IS NULL OR last_snapshot >= ?)`,
    group,
    oldest,
  );
  return integerOf(row ?? {}, "bytes");
}

export async function listContentHashes(reader: Reader, group: GroupId): Promise<Set<string>> {
  const rows = await reader.all("SELECT hash FROM snapshot_contents WHERE group_id = ?", group);
  return new Set(rows.map((row) => textOf(row, "hash")));
}
