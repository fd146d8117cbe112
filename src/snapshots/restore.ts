import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { archiveEnd, toHeader, toPadding } from "./archive-writer.ts";
import { isSameContent, type Change } from "./changes.ts";
import type { ContentStore } from "./content-store.ts";
import { runInside, startInside, waitFor } from "./run-inside.ts";
import { drain } from "../tools/drain.ts";
import { findFirstNames, type Tree, type TreeEntry } from "./tree.ts";

export interface RestoreOptions {
  readonly sandbox: ToolSandbox;
  readonly store: ContentStore;
  readonly timeoutMs: number;
}

const extract = [
  ...["tar", "--extract", "--file=-", "--preserve-permissions", "--no-same-owner"],
  ...["--delay-directory-restore", "--warning=none"],
];

/**
 * Makes `now` what `target` was, as far as nothing stands against it. All of it happens inside, by programs of the
 * system with constant options; names go in on standard input. Running it again goes on where it was cut off.
 */
export async function restoreTree(
  target: Tree,
  now: Tree,
  changes: readonly Change[],
  options: RestoreOptions,
  signal: AbortSignal,
): Promise<void> {
  const plan = planRestore(target, now, changes);
  const inside = now.root.inside;
  async function onPaths(argv: readonly string[], paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const stdin = Buffer.from(paths.map((path) => `${path}\0`).join(""), "latin1");
    const run = { signal, cwd: inside, stdin, timeoutMs: options.timeoutMs };
    await runInside(options.sandbox, ["xargs", "--null", ...argv], run);
  }
  await onPaths(["chmod", "u+rwx"], plan.opened.map(toMember));
  await onPaths(["rm", "-f", "-d"], plan.removed.map(toMember));
  if (plan.written.length > 0) await write(plan.written, target, inside, options, signal);
  const modes = plan.modes.flatMap(({ path, mode }) => [mode.toString(8), toMember(path)]);
  await onPaths(["--max-args=2", "chmod"], modes);
}

interface RestorePlan {
  /** Folders in which something changes and that are closed to their own owner. */
  readonly opened: readonly string[];
  /** What a folder holds stands before it. */
  readonly removed: readonly string[];
  /** A folder stands before what it holds. */
  readonly written: readonly TreeEntry[];
  /** Files of which only the mode is another. */
  readonly modes: readonly TreeEntry[];
}

function planRestore(target: Tree, now: Tree, changes: readonly Change[]): RestorePlan {
  const mine = changes.filter(
    ({ source, obstacle }) => source === target.root.source && obstacle === undefined,
  );
  const removed = new Set(mine.filter(mustGo).map(({ path }) => path));
  const modes = mine.flatMap(({ before, now: is }) =>
    before !== undefined && isUnread(before, is) ? [before] : [],
  );
  const written = new Set(mine.flatMap(({ path, before }) => (before === undefined ? [] : [path])));
  for (const { path } of modes) written.delete(path);
  const touched = new Set([...removed, ...written].flatMap(toParent));
  const entries = target.entries.filter(
    ({ path, type }) => written.has(path) || (type === "folder" && touched.has(path)),
  );
  const opened = now.entries.filter(
    ({ path, type, mode }) =>
      type === "folder" && (mode & 0o700) !== 0o700 && (touched.has(path) || removed.has(path)),
  );
  return {
    opened: opened.map(({ path }) => path),
    removed: [...removed].toReversed(),
    written: entries,
    modes,
  };
}

/** Created since, or a folder where none was, or none where one was: tar replaces everything else. */
function mustGo({ before, now }: Change): boolean {
  if (now === undefined) return false;
  return before === undefined || (before.type === "folder") !== (now.type === "folder");
}

/** Its content is the same and kept nowhere. */
function isUnread(before: TreeEntry, now: TreeEntry | undefined): boolean {
  return (
    before.type === "file" &&
    before.content.type === "missing" &&
    now?.type === "file" &&
    isSameContent(before, now)
  );
}

function toParent(path: string): string[] {
  if (path === "") return [];
  return [path.slice(0, Math.max(0, path.lastIndexOf("/")))];
}

function toMember(path: string): string {
  return `./${path}`;
}

async function write(
  entries: readonly TreeEntry[],
  target: Tree,
  inside: string,
  { sandbox, store, timeoutMs }: RestoreOptions,
  signal: AbortSignal,
): Promise<void> {
  const child = await startInside(sandbox, extract, { signal, cwd: inside, stdin: "pipe", timeoutMs });
  const output = drain(child.stdout, child.exited, () => {});
  const firstNames = findFirstNames(target.entries);
  try {
    for await (const piece of inPortions(toArchive(entries, firstNames, store)))
      await child.stdin?.write(piece);
  } catch (error) {
    // A tar that gave up shows in what is there afterwards.
    signal.throwIfAborted();
    if (!(error instanceof Error && "code" in error && error.code === "sandbox-failed")) throw error;
  } finally {
    await child.stdin?.end();
  }
  await output;
  await waitFor(child, signal);
}

async function* toArchive(
  entries: readonly TreeEntry[],
  firstNames: ReadonlyMap<string, string>,
  store: ContentStore,
): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    const first = firstNames.get(entry.path);
    if (first !== undefined && first !== entry.path) {
      yield toHeader(entry, first);
      continue;
    }
    yield toHeader(entry);
    if (entry.type !== "file" || entry.content.type !== "kept") continue;
    yield* store.stream(entry.content.hash);
    yield toPadding(entry.size);
  }
  yield archiveEnd;
}

const portionBytes = 256 * 1024;

/** Each write to a pipe costs a turn of the event loop: small pieces go together. */
async function* inPortions(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < portionBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}
