import type { ChangeCounts } from "../store/snapshots.ts";
import { quoteName } from "../tools/files/quote-name.ts";
import type { Change, Obstacle } from "./changes.ts";
import type { Manifest } from "./manifest.ts";
import type { FileEntry, MissingReason } from "./tree.ts";

/** Whether a person would call it a change: that a folder's time moved, or that it holds something new, says nothing more. */
export function isNotable({ before, now }: Change): boolean {
  return !(before?.type === "folder" && now?.type === "folder" && before.mode === now.mode);
}

export function countChanges(changes: readonly Change[]): ChangeCounts {
  const counts = { changed: 0, created: 0, removed: 0 };
  const notable = changes.filter(isNotable);
  for (const [index, change] of notable.entries()) {
    const { path, before, now } = change;
    // A folder counts when nothing in it does; the next in order would be the first.
    const isFolder = (before ?? now)?.type === "folder" && (before === undefined || now === undefined);
    if (isFolder && notable[index + 1]?.path.startsWith(`${path}/`) === true) continue;
    if (before === undefined) counts.created += 1;
    else if (now === undefined) counts.removed += 1;
    else counts.changed += 1;
  }
  return counts;
}

/** `3 files changed, 1 created`. */
export function formatCounts({ changed, created, removed }: ChangeCounts): string {
  const parts = [
    [changed, "changed"],
    [created, "created"],
    [removed, "removed"],
  ] as const;
  const [first, ...others] = parts.filter(([count]) => count > 0);
  if (first === undefined) return "no files changed";
  const [count, verb] = first;
  const head = `${count} ${count === 1 ? "file" : "files"} ${verb}`;
  return [head, ...others.map(([each, word]) => `${each} ${word}`)].join(", ");
}

/** A path as one harmless line; with the shared folder that it lies in. */
export function formatPath({ source, path }: Pick<Change, "source" | "path">): string {
  const name = quoteName(Buffer.from(path === "" ? "." : path, "latin1"));
  return source === undefined ? name : `${source}/${name}`;
}

/** `+ notes/new.md  1.2 kB`, one line each. */
export function formatChange(change: Change): string {
  const { before, now, obstacle } = change;
  const sign = before === undefined ? "+" : now === undefined ? "-" : "~";
  const sizes = [before, now].flatMap((entry) => (entry?.type === "file" ? [formatBytes(entry.size)] : []));
  const size = [...new Set(sizes)].join(" → ");
  const facts = [size, obstacle === undefined ? "" : obstacleWords[obstacle]].filter((fact) => fact !== "");
  return [`${sign} ${formatPath(change)}`, ...facts].join("  ");
}

const obstacleWords: Readonly<Record<Obstacle, string>> = {
  "only-copy": "stays as it is: it is kept nowhere else",
  "not-kept": "can't be put back: it was not kept",
  damaged: "can't be put back: what was kept of it is damaged",
  protected: "stays as it is: it is protected",
  "in-the-way": "stays as it is: something that stays is in the way",
};

const reasonWords: Readonly<Record<MissingReason, string>> = {
  "too-large": "too large",
  "no-room": "no room for it",
  "no-time": "it would have taken too long",
  unreadable: "it can't be read",
  unsettled: "it changed while it was copied",
};

const mostNamed = 3;

/** What of a snapshot is not kept: `Undo can't put back: film.mkv (5.0 GB, too large)`. Nothing when all is. */
export function describeMissing({ trees }: Pick<Manifest, "trees">): string | undefined {
  const missing = trees.flatMap(({ root, entries }) =>
    entries.flatMap((entry) => {
      if (entry.type === "file" && entry.content.type === "missing") {
        const facts = `${formatBytes(entry.size)}, ${reasonWords[entry.content.reason]}`;
        return [
          { size: entry.size, text: `${formatPath({ source: root.source, path: entry.path })} (${facts})` },
        ];
      }
      if (entry.type !== "folder" || !entry.isClosed) return [];
      return [{ size: 0, text: `what is in ${formatPath({ source: root.source, path: entry.path })}` }];
    }),
  );
  if (missing.length === 0) return undefined;
  const named = missing.sort((one, other) => other.size - one.size).slice(0, mostNamed);
  const more = missing.length - named.length;
  return [...named.map(({ text }) => text), ...(more === 0 ? [] : [`${more} more`])].join(", ");
}

export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ""}`;
}

export function sumBytes({ trees }: Pick<Manifest, "trees">): {
  readonly entries: number;
  readonly bytes: number;
} {
  const all = trees.flatMap(({ entries }) => entries);
  const files = all.filter((entry): entry is FileEntry => entry.type === "file");
  return { entries: all.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
