import { openLibc } from "./libc.ts";

const exclusive = 2;
const withoutWaiting = 4;
const waitMs = 5;
/** Who holds it works for milliseconds; one that was stopped amid it is not waited for. */
const longestMs = 10_000;

/**
 * Runs `work` while no other process, and no other call of ours, is at the same folder, so that what is read, changed and written
 * back loses nothing. The lock is the kernel's and goes with its process.
 */
export async function withFolderLock<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const { closeSync, openSync } = await import("node:fs");
  const flock = openLibc({ flock: { args: ["int", "int"], returns: "int" } })?.flock;
  const descriptor = openSync(folder, "r");
  try {
    const end = performance.now() + longestMs;
    // The kernel tells nobody who does not stand still for it.
    while (flock?.(descriptor, exclusive | withoutWaiting) === -1 && performance.now() < end)
      await Bun.sleep(waitMs);
    return await work();
  } finally {
    closeSync(descriptor);
  }
}
