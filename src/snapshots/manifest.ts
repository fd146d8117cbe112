import { AppError } from "../errors.ts";
import type { ContentStore, KeptContent } from "./content-store.ts";
import { missingReasons, type Content, type Tree, type TreeEntry } from "./tree.ts";

/** All that is known of a group's folders at one moment. */
export interface Manifest {
  /** When the list was begun. */
  readonly at: number;
  readonly trees: readonly Tree[];
}

/** As it is kept: the same bytes for the same trees, so that nothing is kept twice when nothing has changed. */
export function packManifest({ trees }: Pick<Manifest, "trees">): Uint8Array {
  return Bun.zstdCompressSync(
    JSON.stringify(trees.map((tree) => ({ ...tree, entries: tree.entries.map(toRow) }))),
  );
}

/** Undefined: it is gone or damaged. */
export async function loadManifest(
  store: ContentStore,
  hash: string,
  at: number,
): Promise<Manifest | undefined> {
  const packed = await store.readBytes(hash);
  if (packed === undefined) return undefined;
  const trees: unknown = JSON.parse(Buffer.from(Bun.zstdDecompressSync(packed)).toString());
  return { at, trees: listOf(trees).map(toTree) };
}

/** Every content that it needs, by hash. */
export function listContents({ trees }: Pick<Manifest, "trees">): Map<string, KeptContent> {
  const contents = new Map<string, KeptContent>();
  for (const { entries } of trees) {
    for (const entry of entries) {
      if (entry.type !== "file" || entry.content.type !== "kept") continue;
      contents.set(entry.content.hash, { hash: entry.content.hash, size: entry.size });
    }
  }
  return contents;
}

type Row = readonly (string | number)[];

function toRow(entry: TreeEntry): Row {
  const common = [entry.type, entry.path, entry.mode, entry.modified];
  switch (entry.type) {
    case "file": {
      const { content } = entry;
      const held = content.type === "kept" ? content.hash : content.reason;
      return [...common, entry.size, entry.inode, entry.changed, entry.links, held];
    }
    case "folder":
      return [...common, entry.isClosed ? 1 : 0];
    case "link":
      return [...common, entry.target];
    case "pipe":
    case "special":
    case "protected":
      return common;
    default:
      return entry satisfies never;
  }
}

function toTree(value: unknown): Tree {
  const tree = fieldsOf(value);
  const root = fieldsOf(tree["root"]);
  const source = root["source"];
  return {
    root: {
      source: source === undefined ? undefined : textOf(source),
      inside: textOf(root["inside"]),
      hidesExtra: root["hidesExtra"] === true,
    },
    device: textOf(tree["device"]),
    entries: listOf(tree["entries"]).map((row) => toEntry(listOf(row))),
  };
}

function toEntry(row: readonly unknown[]): TreeEntry {
  const [type, path, mode, modified, ...more] = row;
  const common = { path: textOf(path), mode: numberOf(mode), modified: textOf(modified) };
  switch (type) {
    case "file": {
      const [size, inode, changed, links, held] = more;
      return {
        type,
        ...common,
        size: numberOf(size),
        inode: textOf(inode),
        changed: textOf(changed),
        links: numberOf(links),
        content: toContent(textOf(held)),
      };
    }
    case "folder":
      return { type, ...common, isClosed: more[0] === 1 };
    case "link":
      return { type, ...common, target: textOf(more[0]) };
    case "pipe":
    case "special":
    case "protected":
      return { type, ...common };
    default:
      throw unreadable();
  }
}

function toContent(held: string): Content {
  const reason = missingReasons.find((known) => known === held);
  return reason === undefined ? { type: "kept", hash: held } : { type: "missing", reason };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw unreadable();
  return { ...value };
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable();
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw unreadable();
  return value;
}

function numberOf(value: unknown): number {
  if (typeof value !== "number") throw unreadable();
  return value;
}

function unreadable(): AppError {
  return new AppError("store", "The list of a snapshot's files can't be read.");
}
