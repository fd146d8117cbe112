import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type Clock } from "../../src/clock.ts";
import type { Store, StoreOptions } from "../../src/store/store.ts";
import { openReadyStore } from "./ready-database.ts";

/** A real store in a folder of its own that goes away with it. */
export async function openTemporaryStore(
  options: Partial<StoreOptions> = {},
  clock: Clock = systemClock,
): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-store-"));
  const store = await openReadyStore({ folder, clock, ...options }, new AbortController().signal);
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A folder that goes away with its scope. */
export async function makeTemporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "nanoclaw-folder-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
