import { dateOf, integerOf, optionalIntegerOf, optionalTextOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toSnapshotId, toTurnId, type GroupId, type SnapshotId, type TurnId } from "./ids.ts";

/** How a group's folders stood at one moment. */
export interface Snapshot {
  readonly id: SnapshotId;
  readonly at: Date;
  /** Whose first writing call it was made before; nobody's: it was made before an undo. */
  readonly turn: TurnId | undefined;
  /** What the person said to begin that turn. */
  readonly words: string | undefined;
  /** What the undo that it was made before put back. */
  readonly restored: SnapshotId | undefined;
  /** Where the list of its files is; nowhere: it could not be made. */
  readonly manifest: string | undefined;
  /** What of it is not kept, and why, for a person. */
  readonly problem: string | undefined;
  readonly entries: number;
  readonly bytes: number;
  readonly copiedBytes: number;
  /** From it to the next; unknown before there is one. */
  readonly changes: ChangeCounts | undefined;
}

export interface ChangeCounts {
  readonly changed: number;
  readonly created: number;
  readonly removed: number;
}

export interface NewSnapshot {
  readonly group: GroupId;
  readonly cause: { readonly turn: TurnId } | { readonly restored: SnapshotId };
  readonly manifest: string | undefined;
  readonly problem: string | undefined;
  readonly entries: number;
  readonly bytes: number;
  readonly copiedBytes: number;
  readonly now: number;
}

export async function insertSnapshot(tx: Transaction, snapshot: NewSnapshot): Promise<SnapshotId> {
  const { cause } = snapshot;
  const { lastId } = await tx.run(
    `INSERT INTO snapshots (group_id, turn_id, restored_id, at, manifest, entries, bytes, copied_bytes, problem)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    snapshot.group,
    "turn" in cause ? cause.turn : null,
    "restored" in cause ? cause.restored : null,
    snapshot.now,
    snapshot.manifest ?? null,
    snapshot.entries,
    snapshot.bytes,
    snapshot.copiedBytes,
    snapshot.problem ?? null,
  );
  return toSnapshotId(lastId);
}

/** For a turn that finds everything as the turn before it did: that one changed nothing and needs none. */
export async function handSnapshotOn(
  tx: Transaction,
  snapshot: SnapshotId,
  { turn, now }: { readonly turn: TurnId; readonly now: number },
): Promise<void> {
  await tx.run("UPDATE snapshots SET turn_id = ?, at = ? WHERE id = ?", turn, now, snapshot);
}

export async function setSnapshotChanges(
  tx: Transaction,
  snapshot: SnapshotId,
  { changed, created, removed }: ChangeCounts,
): Promise<void> {
  await tx.run(
    "UPDATE snapshots SET changed = ?, created = ?, removed = ? WHERE id = ?",
    changed,
    created,
    removed,
    snapshot,
  );
}

/** The newest first. */
export async function listSnapshots(reader: Reader, group: GroupId): Promise<Snapshot[]> {
  const rows = await reader.all(
    `SELECT snapshots.*, (
       SELECT json_extract(body, '$.content[0].text') FROM entries
       WHERE entries.turn_id = snapshots.turn_id AND kind = 'user' ORDER BY sequence LIMIT 1
     ) AS words
     FROM snapshots WHERE group_id = ? ORDER BY id DESC`,
    group,
  );
  return rows.map(toSnapshot);
}

/** The newest whose list of files is there, and the problem of the very newest. */
export async function findNewestSnapshot(
  reader: Reader,
  group: GroupId,
): Promise<{ readonly listed: Snapshot | undefined; readonly problem: string | undefined }> {
  const select = "SELECT *, NULL AS words FROM snapshots WHERE group_id = ?";
  const newest = await reader.get(`${select} ORDER BY id DESC LIMIT 1`, group);
  if (newest === undefined) return { listed: undefined, problem: undefined };
  const listed =
    newest["manifest"] === null
      ? await reader.get(`${select} AND manifest IS NOT NULL ORDER BY id DESC LIMIT 1`, group)
      : newest;
  return {
    listed: listed === undefined ? undefined : toSnapshot(listed),
    problem: toSnapshot(newest).problem,
  };
}

function toSnapshot(row: Row): Snapshot {
  return {
    id: toSnapshotId(row["id"]),
    at: dateOf(row, "at"),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    words: optionalTextOf(row, "words"),
    restored: row["restored_id"] === null ? undefined : toSnapshotId(row["restored_id"]),
    manifest: optionalTextOf(row, "manifest"),
    problem: optionalTextOf(row, "problem"),
    entries: integerOf(row, "entries"),
    bytes: integerOf(row, "bytes"),
    copiedBytes: integerOf(row, "copied_bytes"),
    changes: toChanges(row),
  };
}

function toChanges(row: Row): ChangeCounts | undefined {
  const [changed, created, removed] = ["changed", "created", "removed"].map((column) =>
    optionalIntegerOf(row, column),
  );
  if (changed === undefined || created === undefined || removed === undefined) return undefined;
  return { changed, created, removed };
}
