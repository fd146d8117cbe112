import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { openStore, type Store, type StoreOptions } from "../../src/store/store.ts";

/**
 * `openStore` for a test: where there is no database yet it begins with a copy of one that the migrations made, once for each
 * file of tests. All of them cost ten milliseconds, a copy none. Migrations of its own are run as ever.
 */
export async function openReadyStore(options: StoreOptions, signal: AbortSignal): Promise<Store> {
  if (options.migrations === undefined) await placeReadyDatabase(options.folder);
  return await openStore(options, signal);
}

let ready: Promise<Uint8Array> | undefined;

async function placeReadyDatabase(folder: string): Promise<void> {
  ready ??= makeReadyDatabase();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "nanoclaw.db");
  if (!(await Bun.file(file).exists())) await writeFile(file, await ready, { mode: 0o600, flag: "wx" });
}

/** Closed by its only owner, a database is one file: nothing of it is left in a log. */
async function makeReadyDatabase(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-ready-"));
  try {
    const store = await openStore({ folder, clock: systemClock }, new AbortController().signal);
    await store[Symbol.asyncDispose]();
    return await readFile(store.file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
