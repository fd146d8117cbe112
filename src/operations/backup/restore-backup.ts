import { constants } from "node:fs";
import { copyFile, lstat, mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createTerminalOwner } from "../../authority/actor.ts";
import { createAuthority } from "../../authority/authority.ts";
import { clean } from "../../authority/taint.ts";
import type { Clock } from "../../clock.ts";
import { AppError, systemCode } from "../../errors.ts";
import { groupPaths, prepareHome, type HomePaths } from "../../home.ts";
import type { Sandbox, SandboxSpec } from "../../sandbox/sandbox.ts";
import { findGroup } from "../../store/groups.ts";
import { isProcessAlive, readOwnHolder, type IsAlive } from "../../store/holder.ts";
import { openStore, type Store } from "../../store/store.ts";
import { backupWords } from "../../words/english/backup.ts";
import { unpackFolder } from "./group-files.ts";
import { databaseName, isLeftOut, parseArchiveName, type GroupArchive } from "./layout.ts";
import { findUser } from "./open-files.ts";
import { readBackup } from "./read-backup.ts";
import { requireSound } from "./sound-database.ts";
import { findStrange } from "./schema.ts";
import { swap, toSwapPlace, type SwapPlace } from "./swap.ts";
import { holdAll } from "./hold-all.ts";

export interface RestoreOptions {
  readonly home: HomePaths;
  /** A file of `createBackup`, or a copy of the database alone. */
  readonly path: string;
  readonly clock: Clock;
  readonly uid: number;
  readonly openSandbox: (spec: SandboxSpec) => Promise<Sandbox>;
  readonly isAlive?: IsAlive;
  readonly findUser?: typeof findUser;
  readonly isSafe?: (path: string) => boolean;
}

export interface Restored {
  /** When the backup was made. */
  readonly createdAt: Date;
  /** Where what was there before lies now. */
  readonly aside: string | undefined;
  readonly isDatabaseOnly: boolean;
  /** A process that still has open what was put aside. */
  readonly user: number | undefined;
}

/**
 * Makes `NANOCLAW_HOME` what it was when the backup was made. All of it is unpacked and checked beside what is there,
 * which then goes aside in a few renames; cut short, the next `restore` ends them. Throws `AppError` and has changed
 * nothing: somebody uses it, the file is not whole, the disk is full.
 */
export async function restoreBackup(options: RestoreOptions, signal: AbortSignal): Promise<Restored> {
  const { home, path, clock } = options;
  await prepareHome(home.root);
  const status = await look(path);
  await requireSpace(home.root, status.size);
  await refuseUser(options);
  const place = toSwapPlace(home.root);
  await rm(`${home.root}/restore`, { recursive: true, force: true });
  await mkdir(place.staged, { recursive: true, mode: 0o700 });
  try {
    const isDatabaseOnly = await isDatabase(path);
    const createdAt = isDatabaseOnly
      ? await stageDatabase(path, place, status.mtime)
      : await stageAll(options, place, signal);
    await refuseStrangeSchema(options, place, signal);
    await recordIn(place.staged, { createdAt, isDatabaseOnly }, options, signal);
    const aside = await findFree(join(home.backups, `before-restore-${toStamp(clock.now())}`));
    const wasUsed = await exchange(place, aside, isDatabaseOnly, options, signal);
    // Whoever opened it in the last instant.
    const user = await (options.findUser ?? findUser)([join(aside, databaseName)]);
    return { createdAt, isDatabaseOnly, aside: wasUsed ? aside : undefined, user };
  } finally {
    // Not when a death comes between: then the journal says how to go on.
    await rm(`${home.root}/restore`, { recursive: true, force: true });
  }
}

async function look(path: string): Promise<{ readonly size: number; readonly mtime: Date }> {
  try {
    const status = await stat(path);
    if (status.isFile()) return status;
  } catch (cause) {
    if (systemCode(cause) === "ENOENT")
      throw new AppError("not-found", backupWords.noFile({ path }), { cause });
    throw cause;
  }
  throw new AppError("config", backupWords.notOne({ path }));
}

/** Both are there for a while: what was, and what will be. */
async function requireSpace(root: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (free >= bytes * 1.1) return;
  throw new AppError("io", backupWords.noSpace({ neededMb: toMb(bytes * 1.1), freeMb: toMb(free) }));
}

function toMb(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

async function isDatabase(path: string): Promise<boolean> {
  const magic = "SQLite format 3\0";
  return (await Bun.file(path).slice(0, magic.length).text()) === magic;
}

async function stageDatabase(path: string, { staged }: SwapPlace, madeAt: Date): Promise<Date> {
  const target = join(staged, databaseName);
  await copyFile(path, target, constants.COPYFILE_EXCL);
  requireSound(target);
  return madeAt;
}

async function stageAll(options: RestoreOptions, { staged }: SwapPlace, signal: AbortSignal): Promise<Date> {
  const { path, isSafe } = options;
  await using scope = new AsyncDisposableStack();
  let store: Store | undefined;
  const head = await readBackup(
    path,
    {
      ...(isSafe === undefined ? {} : { isSafe }),
      take: async (name, pieces, mode) => {
        const archive = parseArchiveName(name);
        if (archive === undefined) return await writeMember(join(staged, name), mode, pieces);
        store ??= scope.use(await openSound(staged, options.clock, signal));
        await unpack(archive, store, pieces, options, signal);
      },
    },
    signal,
  );
  if (store === undefined) requireSound(join(staged, databaseName));
  return new Date(head.createdAt);
}

/** Newly made below a folder that is ours alone: there is no link to follow, and nothing to write over. */
async function writeMember(target: string, mode: number, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await using file = await open(target, "wx", (mode & 0o700) | 0o600);
  for await (const piece of pieces) await file.writeFile(piece);
}

async function openSound(staged: string, clock: Clock, signal: AbortSignal): Promise<Store> {
  requireSound(join(staged, databaseName));
  return await openStaged(staged, clock, signal);
}

/** Brought up to date already, so that an error of that kind shows before anything is changed. */
async function openStaged(staged: string, clock: Clock, signal: AbortSignal): Promise<Store> {
  return await openStore({ folder: staged, clock }, signal);
}

async function unpack(
  archive: GroupArchive,
  { database, folder }: Store,
  pieces: AsyncIterable<Uint8Array>,
  { path, openSandbox }: RestoreOptions,
  signal: AbortSignal,
): Promise<void> {
  const group = await findGroup(database, archive.group);
  if (group === undefined) throw new AppError("config", backupWords.damaged({ path }));
  const paths = groupPaths({ groups: `${folder}/groups` }, group.name);
  await mkdir(paths.temporary, { recursive: true, mode: 0o700 });
  const { workspace, home, temporary } = paths;
  const spec = { uid: group.uid, workspace, home, temporary: `${temporary}/restore`, mounts: [] };
  await using sandbox = await openSandbox(spec);
  await unpackFolder(sandbox, archive, pieces, signal);
}

/** A trigger or a view in somebody's database would run as us: it may hold none but our own. */
async function refuseStrangeSchema(
  { home, path, clock }: RestoreOptions,
  { staged }: SwapPlace,
  signal: AbortSignal,
): Promise<void> {
  await using fresh = await openStaged(`${home.root}/restore/fresh`, clock, signal);
  await using store = await openStaged(staged, clock, signal);
  const strange = await findStrange(store.database, fresh.database);
  if (strange !== undefined) throw new AppError("config", backupWords.unsafe({ path, name: strange }));
}

/** The decision stands in the log that comes with the backup, which from then on is the log. */
async function recordIn(
  folder: string,
  { createdAt, isDatabaseOnly }: Pick<Restored, "createdAt" | "isDatabaseOnly">,
  { clock, uid }: RestoreOptions,
  signal: AbortSignal,
): Promise<void> {
  await using store = await openStaged(folder, clock, signal);
  await decide(store, clock, uid, createdAt.toISOString());
  if (isDatabaseOnly) return;
  // What undo kept is not in a backup, so nothing may promise it.
  await store.database.transaction(async (tx) => {
    await tx.run("DELETE FROM snapshot_contents");
    await tx.run("DELETE FROM snapshots");
  });
}

async function decide(store: Store, clock: Clock, uid: number, name: string): Promise<void> {
  const authority = createAuthority({ database: store.database, clock });
  const decision = await authority.decide(createTerminalOwner(uid), "backup.restore", { name }, clean);
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
}

/** False: there was nothing before. */
async function exchange(
  place: SwapPlace,
  aside: string,
  isDatabaseOnly: boolean,
  options: RestoreOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { home, clock, uid, isAlive = isProcessAlive } = options;
  if (await hasDatabase(home)) {
    await using store = await openOld(home, clock, signal);
    if (store !== undefined) {
      await holdAll(store, { holder: await readOwnHolder(), now: clock.now(), isAlive });
      await decide(store, clock, uid, "restore");
    }
  }
  await refuseUser(options);
  await rm(join(place.staged, "backups"), { recursive: true, force: true });
  const names = await readdir(home.root);
  const old = names.filter((name) => name.startsWith(databaseName) || (!isDatabaseOnly && !isLeftOut(name)));
  await swap(place, aside, old);
  return old.length > 0;
}

async function hasDatabase({ database }: HomePaths): Promise<boolean> {
  return (await Bun.file(database).exists()) && Bun.file(database).size > 0;
}

/** Nothing for a database that cannot be opened: it is what the person restores from. */
async function openOld({ root }: HomePaths, clock: Clock, signal: AbortSignal): Promise<Store | undefined> {
  try {
    return await openStore({ folder: root, clock }, signal);
  } catch (error) {
    if (error instanceof AppError && error.code === "store") return undefined;
    throw error;
  }
}

/** A prompt that waits for its person holds no lease, and would go on writing into what was put aside. */
async function refuseUser({ home, findUser: find = findUser }: RestoreOptions): Promise<void> {
  const pid = await find([home.database, `${home.database}-wal`]);
  if (pid !== undefined) throw new AppError("conflict", backupWords.inUse({ pid }));
}

async function findFree(path: string): Promise<string> {
  const isTaken = async (each: string): Promise<boolean> =>
    (await lstat(each).catch(() => undefined)) !== undefined;
  let free = path;
  for (let copy = 2; await isTaken(free); copy++) free = `${path}-${copy}`;
  return free;
}

function toStamp(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+/, "").replaceAll(/[-:]/g, "");
}
