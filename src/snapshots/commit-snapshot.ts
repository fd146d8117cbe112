import type { Transaction } from "../store/database.ts";
import type { GroupId, SnapshotId } from "../store/ids.ts";
import { checkLease } from "../store/leases.ts";
import { dropOldSnapshots, moveContents, type Retention } from "../store/snapshot-contents.ts";
import {
  handSnapshotOn,
  insertSnapshot,
  setSnapshotChanges,
  type NewSnapshot,
  type Snapshot,
} from "../store/snapshots.ts";
import type { Capture } from "./capture.ts";
import { countChanges, sumBytes } from "./change-words.ts";
import { findChanges } from "./changes.ts";
import type { KeptContent } from "./content-store.ts";
import { listContents, type Manifest } from "./manifest.ts";

/** The newest snapshot that has a list, with that list. */
export interface PreviousSnapshot {
  readonly snapshot: Snapshot;
  readonly manifest: Manifest;
}

export interface SnapshotToCommit {
  readonly group: GroupId;
  readonly epoch: number;
  readonly cause: NewSnapshot["cause"];
  readonly result: Listed | { readonly type: "failed"; readonly problem: string };
  readonly previous: PreviousSnapshot | undefined;
  readonly retention: Retention;
  readonly now: number;
}

export interface Listed extends Capture {
  readonly type: "listed";
  /** Where the list is kept. */
  readonly list: KeptContent;
  readonly problem: string | undefined;
}

/** Writes what was captured as the group's newest snapshot. The contents are in the store already; those to remove come back. */
export async function commitSnapshot(tx: Transaction, commit: SnapshotToCommit): Promise<CommittedSnapshot> {
  const { group, epoch, cause, result, previous, retention, now } = commit;
  await checkLease(tx, group, epoch);
  if (result.type === "failed") {
    const nothing = { entries: 0, bytes: 0, copiedBytes: 0, manifest: undefined };
    const id = await insertSnapshot(tx, { group, cause, now, problem: result.problem, ...nothing });
    return { id, gone: await dropOldSnapshots(tx, group, retention) };
  }
  const { manifest, list, problem, copiedBytes } = result;
  if (previous?.snapshot.manifest === list.hash && previous.snapshot.turn !== undefined && "turn" in cause) {
    await handSnapshotOn(tx, previous.snapshot.id, { turn: cause.turn, now });
    return { id: previous.snapshot.id, gone: [] };
  }
  const facts = { ...sumBytes(manifest), manifest: list.hash, problem, copiedBytes };
  const id = await insertSnapshot(tx, { group, cause, now, ...facts });
  if (previous !== undefined) {
    await setSnapshotChanges(
      tx,
      previous.snapshot.id,
      countChanges(findChanges(previous.manifest, manifest)),
    );
  }
  await moveContents(tx, group, { ...compare(previous, manifest, list), previous: previous?.snapshot.id });
  return { id, gone: await dropOldSnapshots(tx, group, retention) };
}

export interface CommittedSnapshot {
  readonly id: SnapshotId;
  /** Contents that nobody needs any more. */
  readonly gone: readonly string[];
}

function compare(previous: PreviousSnapshot | undefined, manifest: Manifest, list: KeptContent) {
  const now = withList(listContents(manifest), list.hash, list.size);
  const before =
    previous === undefined
      ? new Map<string, KeptContent>()
      : withList(listContents(previous.manifest), previous.snapshot.manifest ?? "", 0);
  return {
    came: new Map(
      [...now.values()].filter(({ hash }) => !before.has(hash)).map(({ hash, size }) => [hash, size]),
    ),
    went: [...before.keys()].filter((hash) => !now.has(hash)),
  };
}

function withList(
  contents: ReadonlyMap<string, KeptContent>,
  hash: string,
  size: number,
): ReadonlyMap<string, KeptContent> {
  return new Map([...contents, [hash, { hash, size }]]);
}
