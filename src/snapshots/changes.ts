import type { Manifest } from "./manifest.ts";
import { findFirstNames, toAncestors, type FileEntry, type Tree, type TreeEntry } from "./tree.ts";

/** What became of one name between two moments. */
export interface Change {
  readonly source: string | undefined;
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly now: TreeEntry | undefined;
  /** Why it can't be put back as it was; nothing when it can. */
  readonly obstacle: Obstacle | undefined;
}

export type Obstacle =
  /** As it is now it is kept nowhere, and what is not kept is not touched. */
  | "only-copy"
  /** As it was it is kept nowhere. */
  | "not-kept"
  /** What was kept of it is not what it was: a disk failed, or somebody wrote to it. */
  | "damaged"
  /** No command may touch it. */
  | "protected"
  /** Something with an obstacle lies in it, or in its way. */
  | "in-the-way";

/** All changes in the folders that both know, in the order of their paths. */
export function findChanges(before: Pick<Manifest, "trees">, now: Pick<Manifest, "trees">): Change[] {
  return before.trees.flatMap((tree) => {
    const other = now.trees.find(({ root }) => root.source === tree.root.source);
    return other === undefined ? [] : findTreeChanges(tree, other);
  });
}

function findTreeChanges(before: Tree, now: Tree): Change[] {
  const isSeen = toScope(before, now);
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const current = new Map(now.entries.map((entry) => [entry.path, entry]));
  const oldNames = findFirstNames(before.entries);
  const names = findFirstNames(now.entries);
  const paths = [...new Set([...old.keys(), ...current.keys()])].filter(isSeen).sort();
  const changes: Change[] = [];
  for (const path of paths) {
    const [was, is] = [old.get(path), current.get(path)];
    const isSame =
      was !== undefined &&
      is !== undefined &&
      isSameEntry(was, is) &&
      (oldNames.get(path) ?? path) === (names.get(path) ?? path);
    if (isSame) continue;
    changes.push({ source: before.root.source, path, before: was, now: is, obstacle: findObstacle(was, is) });
  }
  return withHeldFolders(changes);
}

/** Nothing is known of what lies in a closed or covered folder, or below the shared folders. */
function toScope(before: Tree, now: Tree): (path: string) => boolean {
  const hidden = new Set<string>();
  for (const entry of [...before.entries, ...now.entries]) {
    if (entry.type === "protected" || (entry.type === "folder" && entry.isClosed)) hidden.add(entry.path);
  }
  const hidesExtra = before.root.hidesExtra || now.root.hidesExtra;
  if (hidesExtra) hidden.add("extra");
  if (hidden.size === 0) return () => true;
  return (path) =>
    !(hidesExtra && path === "extra") && !toAncestors(path).some((ancestor) => hidden.has(ancestor));
}

function isSameEntry(one: TreeEntry, other: TreeEntry): boolean {
  if (one.type === "protected" || other.type === "protected") return one.type === other.type;
  if (one.mode !== other.mode || one.modified !== other.modified) return false;
  switch (one.type) {
    case "file":
      return other.type === "file" && isSameContent(one, other);
    case "link":
      return other.type === "link" && one.target === other.target;
    case "folder":
    case "pipe":
    case "special":
      return one.type === other.type;
    default:
      return one satisfies never;
  }
}

export function isSameContent(one: FileEntry, other: FileEntry): boolean {
  if (one.size !== other.size) return false;
  if (one.content.type === "kept" && other.content.type === "kept") {
    return one.content.hash === other.content.hash;
  }
  // A content that nobody has read is the same while its file was not written.
  return one.inode === other.inode && one.modified === other.modified;
}

function findObstacle(before: TreeEntry | undefined, now: TreeEntry | undefined): Obstacle | undefined {
  if (before?.type === "protected" || now?.type === "protected") return "protected";
  if (before?.type === "file" && now?.type === "file" && isSameContent(before, now)) return undefined;
  if (now?.type === "file" && now.content.type === "missing") return "only-copy";
  if (before?.type === "file" && before.content.type === "missing") return "not-kept";
  return before?.type === "special" ? "not-kept" : undefined;
}

/** A folder stays when something in it stays; nothing can be put where something else stays. */
function withHeldFolders(changes: readonly Change[]): Change[] {
  const staying = new Set(
    changes.flatMap(({ path, obstacle }) =>
      obstacle === "only-copy" || obstacle === "protected" ? [path] : [],
    ),
  );
  const holding = new Set([...staying].flatMap(toAncestors));
  return changes.map((change) => {
    if (change.obstacle !== undefined) return change;
    const { path, before, now } = change;
    const holds = now?.type === "folder" && before?.type !== "folder" && holding.has(path);
    const isBehind = before !== undefined && toAncestors(path).some((ancestor) => staying.has(ancestor));
    return holds || isBehind ? { ...change, obstacle: "in-the-way" } : change;
  });
}
