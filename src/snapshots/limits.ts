import type { Retention } from "../store/snapshot-contents.ts";
import type { ListLimits } from "./list-trees.ts";

export interface SnapshotLimits extends ListLimits {
  /** Of one file that is kept. */
  readonly fileBytes: number;
  /** Of all that is copied for one snapshot. */
  readonly copyBytes: number;
  readonly copyMs: number;
  /** Left for others on the disk. */
  readonly freeBytes: number;
  /** What a group's snapshots may take together. */
  readonly retention: Retention;
}

const mebibyte = 1024 * 1024;

/** Before a turn writes: the person waits. */
export const turnLimits: SnapshotLimits = {
  entries: 50_000,
  listBytes: 32 * mebibyte,
  listMs: 5_000,
  fileBytes: 64 * mebibyte,
  copyBytes: 512 * mebibyte,
  copyMs: 15_000,
  freeBytes: 256 * mebibyte,
  retention: { snapshots: 50, bytes: 1024 * mebibyte },
};

/** Before an undo: the person asked for it, and what is not kept now is not touched. */
export const undoLimits: SnapshotLimits = {
  ...turnLimits,
  entries: 400_000,
  listBytes: 128 * mebibyte,
  listMs: 60_000,
  copyMs: 120_000,
  // The oldest may be the one that is put back.
  retention: { snapshots: Infinity, bytes: Infinity },
};
