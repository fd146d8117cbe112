import type { Clock } from "../clock.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import type { ContentStore, KeptContent } from "./content-store.ts";
import { copyContents } from "./copy-contents.ts";
import type { SnapshotLimits } from "./limits.ts";
import { listTrees } from "./list-trees.ts";
import type { Manifest } from "./manifest.ts";
import {
  toSignature,
  type Content,
  type ListedFile,
  type ListedTree,
  type MissingReason,
  type Root,
  type Tree,
  type TreeEntry,
} from "./tree.ts";

export interface CaptureOptions {
  readonly sandbox: ToolSandbox;
  readonly roots: readonly Root[];
  readonly store: ContentStore;
  /** What it says of a file that has not changed since is taken as it is. */
  readonly previous: Manifest | undefined;
  readonly limits: SnapshotLimits;
  readonly clock: Clock;
}

export interface Capture {
  readonly manifest: Manifest;
  readonly copiedBytes: number;
}

/** A file that something writes to while we copy is tried again, this often. */
const mostRounds = 3;

/** The kernel's clock for files moves in steps: within one of them a second change leaves no trace. */
const clockStepMs = 100;

/**
 * Lists the folders and keeps what the store does not hold yet. A copy counts only when the list that is made after it
 * shows the file untouched. Throws `AppError("conflict")` when there is too much to list.
 */
export async function capture(options: CaptureOptions, signal: AbortSignal): Promise<Capture> {
  const { sandbox, roots, store, limits, clock, previous } = options;
  const deadline = clock.monotonic() + limits.copyMs;
  const at = clock.now();
  const known = toKnown(previous);
  const refused: Refused = new Map();
  let copiedBytes = 0;
  let trees = await listTrees(sandbox, roots, limits, signal);
  for (let round = 0; round < mostRounds; round++) {
    const unknown = findUnknown(trees, known, refused, limits.fileBytes);
    if (unknown.length === 0) break;
    store.begin();
    const room = Math.min(limits.copyBytes - copiedBytes, store.freeBytes() - limits.freeBytes);
    const wanted = takeWhatFits(unknown, room, refused);
    for (const [tree, files] of wanted) {
      const timeoutMs = deadline - clock.monotonic();
      const copyOptions = { store, mostBytes: room, timeoutMs };
      const copied =
        timeoutMs > 0
          ? await copyContents(sandbox, tree.root, files, copyOptions, signal)
          : new Map<ListedFile, KeptContent>();
      for (const file of files) {
        const content = copied.get(file);
        const signature = toSignature(tree.device, file);
        if (content === undefined)
          refused.set(signature, clock.monotonic() < deadline ? "unreadable" : "no-time");
        else known.set(signature, content);
        copiedBytes += content?.size ?? 0;
      }
    }
    trees = await listTrees(sandbox, roots, limits, signal);
  }
  return { manifest: { at, trees: trees.map((tree) => toTree(tree, known, refused)) }, copiedBytes };
}

/** Both by signature. */
type Known = Map<string, KeptContent>;
type Refused = Map<string, MissingReason>;

function toKnown(previous: Manifest | undefined): Known {
  const known: Known = new Map();
  for (const { device, entries } of previous?.trees ?? []) {
    for (const entry of entries) {
      if (entry.type !== "file" || entry.content.type !== "kept") continue;
      if (Number(entry.changed) * 1000 + clockStepMs > (previous?.at ?? 0)) continue;
      known.set(toSignature(device, entry), { hash: entry.content.hash, size: entry.size });
    }
  }
  return known;
}

interface UnknownFile {
  readonly tree: ListedTree;
  readonly file: ListedFile;
}

/** One name of each file. */
function findUnknown(
  trees: readonly ListedTree[],
  known: Known,
  refused: Refused,
  fileBytes: number,
): UnknownFile[] {
  const unknown = new Map<string, UnknownFile>();
  for (const tree of trees) {
    for (const file of tree.entries) {
      if (file.type !== "file") continue;
      const signature = toSignature(tree.device, file);
      if (known.has(signature) || refused.has(signature)) continue;
      if (file.size > fileBytes) refused.set(signature, "too-large");
      else unknown.set(signature, { tree, file });
    }
  }
  return [...unknown.values()];
}

/** The smallest first, so that one large file costs no other its place. */
function takeWhatFits(
  unknown: readonly UnknownFile[],
  room: number,
  refused: Refused,
): ReadonlyMap<ListedTree, readonly ListedFile[]> {
  const wanted = new Map<ListedTree, ListedFile[]>();
  let bytes = 0;
  for (const { tree, file } of unknown.toSorted((one, other) => one.file.size - other.file.size)) {
    bytes += file.size;
    if (bytes > room) {
      refused.set(toSignature(tree.device, file), "no-room");
      continue;
    }
    const files = wanted.get(tree) ?? [];
    files.push(file);
    wanted.set(tree, files);
  }
  return wanted;
}

function toTree(tree: ListedTree, known: Known, refused: Refused): Tree {
  const entries = tree.entries.map((entry): TreeEntry => {
    if (entry.type !== "file") return entry;
    const signature = toSignature(tree.device, entry);
    const kept = known.get(signature);
    const content: Content =
      kept === undefined
        ? { type: "missing", reason: refused.get(signature) ?? "unsettled" }
        : { type: "kept", hash: kept.hash };
    return { ...entry, content };
  });
  return { ...tree, entries };
}
