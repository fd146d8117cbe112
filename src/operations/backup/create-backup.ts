import { mkdtemp, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import type { Clock } from "../../clock.ts";
import { AppError, explain, systemCode } from "../../errors.ts";
import { groupPaths, type HomePaths } from "../../home.ts";
import type { Sandbox, SandboxSpec } from "../../sandbox/sandbox.ts";
import { backUp } from "../../store/backup.ts";
import { Connection } from "../../store/connection.ts";
import { listGroups, type Group } from "../../store/groups.ts";
import { makePrivateFolder } from "../../store/private-files.ts";
import type { Store } from "../../store/store.ts";
import { backupWords } from "../../words/english/backup.ts";
import { packFolder } from "./group-files.ts";
import { databaseName, groupArchives, headName, sumsName, toArchiveName, toHead } from "./layout.ts";
import { listOwnerFiles } from "./owner-files.ts";
import { requireSound } from "./sound-database.ts";
import { TarWriter, type Member } from "./tar-writer.ts";
import { readBackup } from "./read-backup.ts";

export interface BackupOptions {
  readonly home: HomePaths;
  readonly store: Store;
  /** Where the backup will stand; absolute. */
  readonly path: string;
  readonly version: string;
  readonly clock: Clock;
  readonly openSandbox: (spec: SandboxSpec) => Promise<Sandbox>;
  /** Without what the assistants' own folders hold: needs no sandbox. */
  readonly hasFiles: boolean;
}

export interface MadeBackup {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  readonly groups: readonly string[];
  /** What is not in it, or was read while it changed. */
  readonly notes: readonly string[];
}

/**
 * Writes all of `NANOCLAW_HOME` that another machine needs into one file, mode 0600, while everything goes on. It gets
 * its name when it was read back whole. Throws `AppError`: something stands there, no sandbox, a disk that is full.
 */
export async function createBackup(options: BackupOptions, signal: AbortSignal): Promise<MadeBackup> {
  const { home, store, path } = options;
  await refusePlace(path, home);
  const groups = await listGroups(store.database);
  const partial = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}.partial`);
  // The copy of the database, until it is in the archive.
  await makePrivateFolder(home.run);
  const staging = await mkdtemp(join(home.run, "backup-"));
  try {
    const database = await copyDatabase(store, staging);
    const notes: string[] = [];
    {
      await using file = await open(partial, "wx", 0o600);
      await file.chmod(0o600);
      await fill(file, database, groups, notes, options, signal);
    }
    const { files, bytes } = await verify(partial, signal);
    await rename(partial, path);
    await syncFolder(dirname(path));
    return { path, bytes, files, groups: groups.map(({ name }) => name), notes };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function copyDatabase({ file }: Store, staging: string): Promise<string> {
  using connection = new Connection(file);
  connection.configure();
  const copy = await backUp(connection, staging, "copy");
  requireSound(copy);
  return copy;
}

async function fill(
  file: FileHandle,
  database: string,
  groups: readonly Group[],
  notes: string[],
  options: BackupOptions,
  signal: AbortSignal,
): Promise<void> {
  const { home, clock, version, hasFiles } = options;
  const writer = new TarWriter(file, clock.now());
  const sums: string[] = [];
  async function add(member: Member, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    signal.throwIfAborted();
    sums.push(`${await writer.add(member, pieces)}  ${member.path}\n`);
  }
  const head = `${JSON.stringify(toHead(version, clock.now(), hasFiles), undefined, 2)}\n`;
  await add({ path: headName, mode: 0o600 }, toPieces(head));
  await add({ path: databaseName, mode: 0o600 }, Bun.file(database).stream());
  const leftOut: string[] = [];
  for await (const each of listOwnerFiles(home.root, leftOut)) await add(each, each.read());
  notes.push(...leftOut.map((path) => `${path}: left out, it is no plain file`));
  for (const group of hasFiles ? groups : []) await addGroup(group, notes, add, options, signal);
  await writer.add({ path: sumsName, mode: 0o600 }, toPieces(sums.join("")));
  await writer.finish();
}

async function addGroup(
  { name, uid }: Group,
  notes: string[],
  add: (member: Member, pieces: AsyncIterable<Uint8Array>) => Promise<void>,
  { home, openSandbox }: BackupOptions,
  signal: AbortSignal,
): Promise<void> {
  const paths = groupPaths(home, name);
  // Never used so far: there is nothing in it.
  if (!(await isFolder(paths.workspace))) return;
  await makePrivateFolder(paths.temporary);
  const spec = {
    uid,
    workspace: paths.workspace,
    home: paths.home,
    temporary: `${paths.temporary}/backup`,
    mounts: [],
  };
  await using sandbox = await openSandbox(spec).catch(toSandboxFailure);
  for (const folder of groupArchives) {
    const archive = { group: name, folder };
    const pieces = packFolder(sandbox, archive, notes, signal);
    await add({ path: toArchiveName(archive), mode: 0o600 }, pieces);
  }
}

function toSandboxFailure(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== "sandbox-unavailable") throw error;
  throw new AppError("sandbox-unavailable", backupWords.needsSandbox({ reason: explain(error).message }), {
    cause: error,
  });
}

/** What was written is read again from the disk, to the last byte. */
async function verify(path: string, signal: AbortSignal): Promise<{ files: number; bytes: number }> {
  let files = 0;
  const drop = async (_path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const _piece of pieces);
    files += 1;
  };
  await readBackup(path, { take: drop }, signal);
  return { files, bytes: (await stat(path)).size };
}

async function refusePlace(path: string, { groups }: HomePaths): Promise<void> {
  if (`${path}/`.startsWith(groups + sep)) throw new AppError("usage", backupWords.insideGroup({ path }));
  const isThere = await stat(path).then(
    () => true,
    (error: unknown) => systemCode(error) !== "ENOENT",
  );
  if (isThere) throw new AppError("conflict", backupWords.exists({ path }));
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}

// oxlint-disable-next-line require-await -- an iterable like the others
async function* toPieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
