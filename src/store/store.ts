import type { Clock } from "../clock.ts";
import { AppError, systemCode } from "../errors.ts";
import { Connection } from "./connection.ts";
import type { Database } from "./database.ts";
import { DayUsage } from "./day-usage.ts";
import { migrate } from "./migrate.ts";
import { migrations as ownMigrations, type Migration } from "./migrations.ts";
import { retryWhileBusy, type BusyOptions } from "./retry-busy.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { toStoreError } from "./store-error.ts";
import type { Saying } from "../words/define-words.ts";
import { storeWords } from "../words/english/store.ts";

/** Longer than any backup or checkpoint of another process takes. */
const defaultBusyDeadlineMs = 60_000;

export interface Store extends AsyncDisposable {
  /** `NANOCLAW_HOME`. */
  readonly folder: string;
  readonly file: string;
  readonly database: Database;
  readonly dayUsage: DayUsage;
}

export interface StoreOptions {
  /** `NANOCLAW_HOME`, made if it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  /** How long a write waits for another program's lock. */
  readonly busyDeadlineMs?: number;
  readonly migrations?: readonly Migration[];
  /** Hears that the disk is full and the reserve was given up for what had to be written. */
  readonly onFull?: (said: Saying) => Promise<void>;
  /** Hears of each write that found no room, whether there was a reserve or not. */
  readonly onNoRoom?: () => void;
}

/**
 * Opens the database of a folder, or makes it. Throws `AppError("store")` for a folder that can't be written, a full
 * disk, a damaged or lost database, and one that a newer version made. `signal` bounds the opening only.
 */
export async function openStore(options: StoreOptions, signal: AbortSignal): Promise<Store> {
  const { folder, clock, busyDeadlineMs = defaultBusyDeadlineMs, migrations = ownMigrations } = options;
  const file = `${folder}/nanoclaw.db`;
  try {
    await preparePrivateFile(folder, file);
    const connection = await openConnection(file, { clock, deadlineMs: busyDeadlineMs }, signal);
    try {
      await migrate(connection, { folder, file, clock, busyDeadlineMs, migrations }, signal);
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
    const makeRoom = async (): Promise<boolean> => {
      options.onNoRoom?.();
      const { giveUpReserve } = await import("./reserve.ts");
      if (!giveUpReserve(folder)) return false;
      await options.onFull?.(storeWords.reserveGivenUp({ file }));
      return true;
    };
    const database = new SqliteDatabase({ connection, file, clock, busyDeadlineMs, makeRoom });
    const dayUsage = new DayUsage(database);
    return { folder, file, database, dayUsage, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  } catch (error) {
    throw toStoreError(await findCause(error, folder), file);
  }
}

/** Of a disk that can only be read SQLite says no more than that it cannot open the file. */
async function findCause(error: unknown, folder: string): Promise<unknown> {
  if (systemCode(error)?.startsWith("SQLITE_CANTOPEN") !== true) return error;
  const { access, constants } = await import("node:fs/promises");
  try {
    await access(folder, constants.W_OK);
    return error;
  } catch (cause) {
    return cause;
  }
}

/** Two looks at the disk when all is well; what makes and mends is loaded only when it isn't. */
async function preparePrivateFile(folder: string, file: string): Promise<void> {
  const [folderState, fileState] = await Promise.all([look(folder), look(file)]);
  if (isFilled(fileState) && folderState?.mode === 0o700 && fileState?.mode === 0o600) return;
  const { makePrivateFile, makePrivateFolder, hasTraces } = await import("./private-files.ts");
  await makePrivateFolder(folder);
  if (!isFilled(fileState) && (await Bun.file(`${folder}/restore/journal.json`).exists())) {
    throw new AppError("store", storeWords.restoreUnfinished());
  }
  // Looked at again behind the traces: they may be those of a process that is making the database right now.
  if (!isFilled(fileState) && (await hasTraces(folder, file)) && !isFilled(await look(file))) {
    throw new AppError("store", storeWords.lost({ folder, file }));
  }
  await makePrivateFile(file);
}

interface FileState {
  readonly mode: number;
  readonly size: number;
}

function isFilled(state: FileState | undefined): boolean {
  return state !== undefined && state.size > 0;
}

/** By `Bun.file`, not `node:fs`, which costs a millisecond on the way to the first byte. */
async function look(path: string): Promise<FileState | undefined> {
  try {
    const { mode, size } = await Bun.file(path).stat();
    return { mode: mode & 0o7777, size };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function openConnection(file: string, busy: BusyOptions, signal: AbortSignal): Promise<Connection> {
  const connection = new Connection(file);
  try {
    const mode = await retryWhileBusy(() => connection.configure(), busy, signal);
    if (mode === "wal") return connection;
    throw new AppError("store", storeWords.networkDisk({ file }));
  } catch (error) {
    connection[Symbol.dispose]();
    throw error;
  }
}
