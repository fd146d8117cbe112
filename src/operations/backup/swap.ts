import { lstat, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../errors.ts";
import { makePrivateFolder } from "../../store/private-files.ts";
import { databaseName } from "./layout.ts";

/** What a swap does, written down before its first step. A death in its middle is gone on from here. */
interface Journal {
  /** Where what was there before lies afterwards. */
  readonly aside: string;
  readonly old: readonly string[];
}

/** `restore/` in `NANOCLAW_HOME`: `new/` holds what will be there, the journal that it is whole. */
export interface SwapPlace {
  readonly root: string;
  readonly staged: string;
  readonly journal: string;
}

export function toSwapPlace(root: string): SwapPlace {
  return { root, staged: `${root}/restore/new`, journal: `${root}/restore/journal.json` };
}

/** Beside the database, part of it. */
const databaseParts = [databaseName, `${databaseName}-wal`, `${databaseName}-shm`];

/**
 * Puts `old` (names in `root`) aside and all of `staged` in its place. The database goes first and comes last: for as
 * long as the rest is half, no command opens it. Resolves with the names that are there now.
 */
export async function swap(place: SwapPlace, aside: string, old: readonly string[]): Promise<void> {
  if (old.length > 0) await makePrivateFolder(aside);
  await syncTree(place.staged);
  const journal: Journal = { aside, old };
  const draft = `${place.journal}.tmp`;
  await writeFile(draft, JSON.stringify(journal), { mode: 0o600, flush: true });
  await rename(draft, place.journal);
  await sync(`${place.root}/restore`);
  await goOn(place);
}

/** Ends a swap that was cut short. False: there is none. */
export async function finishSwap(root: string): Promise<boolean> {
  const place = toSwapPlace(root);
  const wasUnfinished = await goOn(place);
  // Staged by a restore that died before it was whole, or left after one that is done.
  await rm(`${root}/restore`, { recursive: true, force: true });
  return wasUnfinished;
}

async function goOn({ root, staged, journal }: SwapPlace): Promise<boolean> {
  const plan = await readJournal(journal);
  if (plan === undefined) return false;
  const { aside, old } = plan;
  for (const name of [...old].sort(databaseFirst)) {
    if (!(await isThere(join(aside, name)))) await renameIfThere(join(root, name), join(aside, name));
  }
  await sync(root);
  for (const name of (await readdir(staged).catch((): string[] => [])).sort(databaseFirst).toReversed()) {
    await rename(join(staged, name), join(root, name));
    await sync(root);
  }
  await rm(journal);
  await sync(`${root}/restore`);
  return true;
}

function databaseFirst(one: string, other: string): number {
  return toRank(one) - toRank(other);
}

function toRank(name: string): number {
  const rank = databaseParts.indexOf(name);
  return rank === -1 ? databaseParts.length : rank;
}

async function readJournal(path: string): Promise<Journal | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null || !("aside" in value) || !("old" in value))
      return undefined;
    const { aside, old } = value;
    if (typeof aside !== "string" || !Array.isArray(old)) return undefined;
    return { aside, old: old.filter((name) => typeof name === "string") };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** The files and folders that we wrote ourselves; what was unpacked inside, its tar has closed, and `sync` takes along. */
async function syncTree(folder: string): Promise<void> {
  const { run } = await import("../../run.ts");
  const signal = new AbortController().signal;
  const { code } = await run(["sync", "--file-system", folder], {
    signal,
    env: { PATH: "/usr/bin:/bin" },
    timeoutMs: 600_000,
  }).catch(() => ({ code: 1 }));
  if (code !== 0) await sync(folder);
}

async function sync(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}
