import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Processes that have to do with `marker`: it stands in their command line, environment or current folder, or in one
 * of their mounts, which tells of sandboxes too. Without ourselves.
 */
export function findProcesses(marker: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && mentions(pid, marker));
}

/** Processes with `marker` in their command line. */
export function findCommands(marker: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(marker));
}

/** Waits, at most `withinMs`, until none is left; returns those that are. The kernel tells nobody, so we look. */
export async function waitForNoProcess(marker: string, withinMs: number): Promise<number[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = findProcesses(marker);
    if (found.length === 0 || performance.now() > deadline) return found;
    await Bun.sleep(5);
  }
}

/** Mounts of our own namespace, which is the host's, that show something below `folder` or lie there. */
export function findMounts(folder: string): string[] {
  return read("/proc/self/mountinfo")
    .split("\n")
    .filter((line) => line.includes(folder));
}

function mentions(pid: number, marker: string): boolean {
  const folder = `/proc/${pid}`;
  return (
    ["cmdline", "environ", "mountinfo"].some((name) => read(`${folder}/${name}`).includes(marker)) ||
    readLink(`${folder}/cwd`).includes(marker)
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // It ended meanwhile, or is not ours to look into.
    return "";
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
