/**
 * What a path below a root is. Paths and link targets are the bytes of the file system, one character for each
 * (latin1): a name need not be UTF-8. The root itself has the path "".
 */
export type TreeEntry = FileEntry | PlainEntry;

/** As `find` saw it. Which bytes a file holds is another matter. */
export type ListedEntry = ListedFile | PlainEntry;

interface Facts {
  readonly path: string;
  /** The permission bits, set-id and sticky included. */
  readonly mode: number;
  /** Seconds since 1970 with nine decimals, as `find` prints them. */
  readonly modified: string;
}

export interface ListedFile extends Facts {
  readonly type: "file";
  readonly size: number;
  readonly inode: string;
  /** When content or mode changed last; unlike `modified`, no program can set it. */
  readonly changed: string;
  readonly links: number;
}

export interface FileEntry extends ListedFile {
  readonly content: Content;
}

export type Content =
  | { readonly type: "kept"; readonly hash: string }
  | { readonly type: "missing"; readonly reason: MissingReason };

export const missingReasons = ["too-large", "no-room", "no-time", "unreadable", "unsettled"] as const;

export type MissingReason = (typeof missingReasons)[number];

export type PlainEntry =
  /** A closed one could not be looked into. */
  | (Facts & { readonly type: "folder"; readonly isClosed: boolean })
  | (Facts & { readonly type: "link"; readonly target: string })
  | (Facts & { readonly type: "pipe" })
  /** A socket or a device. */
  | (Facts & { readonly type: "special" })
  /** What no command may change: it is there, and left alone. */
  | (Facts & { readonly type: "protected" });

/** A folder of the group that its commands can write. */
export interface Root {
  /** The shared folder's path on the host; none: the workspace. */
  readonly source: string | undefined;
  /** What it is called inside. */
  readonly inside: string;
  /** The workspace where shared folders are mounted on its `extra`, which then is not part of it. */
  readonly hidesExtra: boolean;
}

export interface ListedTree {
  readonly root: Root;
  readonly device: string;
  /** Sorted by path: a folder stands before what it holds. */
  readonly entries: readonly ListedEntry[];
}

export interface Tree extends Omit<ListedTree, "entries"> {
  readonly entries: readonly TreeEntry[];
}

/** The same words for the same bytes: a file that kept all of this was not written meanwhile. */
export function toSignature(device: string, file: ListedFile): string {
  return `${device}:${file.inode}:${file.size}:${file.modified}:${file.changed}`;
}

/** For each file with several names, the first of them in the tree; files with one name are not in it. */
export function findFirstNames(entries: readonly ListedEntry[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const names = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type !== "file" || entry.links < 2) continue;
    const known = first.get(entry.inode);
    if (known === undefined) first.set(entry.inode, entry.path);
    names.set(entry.path, known ?? entry.path);
  }
  return names;
}

/** The folders that it lies in, the root last. */
export function toAncestors(path: string): string[] {
  const ancestors: string[] = [];
  for (let end = path.lastIndexOf("/"); end !== -1; end = path.lastIndexOf("/", end - 1)) {
    ancestors.push(path.slice(0, end));
  }
  return path === "" ? [] : [...ancestors, ""];
}
