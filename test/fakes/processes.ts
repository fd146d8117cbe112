import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Processes that have to do with `marker`: it stands in their command line, environment or current folder, or in one
 * of their mounts, which tells of sandboxes too. Without ourselves.
 */
export function findProcesses(marker: string): number[] {
  const own: Namespace = {
    name: readLink("/proc/self/ns/mnt"),
    hasMount: findMounts(marker).length > 0,
  };
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && mentions(pid, marker, own));
}

/** Processes with `marker` in their command line. */
export function findCommands(marker: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && read(`/proc/${pid}/cmdline`).includes(marker));
}

/** Nobody's, where the process has just ended. */
export function readProcessGroup(pid: number): number | undefined {
  const [, group] = /^\d+ \(.*\) \S+ \d+ (\d+)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
  return group === undefined ? undefined : Number(group);
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

/** What it is, for a person who has to find out why it is there. */
export function describeProcess(pid: number): string {
  const words = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").slice(0, 300);
  const status = read(`/proc/${pid}/status`);
  const facts = ["State", "PPid", "Threads"].map((name) => new RegExp(`^${name}:.*`, "m").exec(status)?.[0]);
  return `${pid} (${facts.join(", ").replaceAll("\t", " ")}; waits in ${read(`/proc/${pid}/wchan`)}): ${words}`;
}

/** Mounts of our own namespace, which is the host's, that show something below `folder` or lie there. */
export function findMounts(folder: string): string[] {
  return read("/proc/self/mountinfo")
    .split("\n")
    .filter((line) => line.includes(folder));
}

/** Where mounts are seen: most processes share ours, and what all of them would say is read once. */
interface Namespace {
  readonly name: string;
  readonly hasMount: boolean;
}

function mentions(pid: number, marker: string, own: Namespace): boolean {
  const folder = `/proc/${pid}`;
  return (
    ["cmdline", "environ"].some((name) => read(`${folder}/${name}`).includes(marker)) ||
    readLink(`${folder}/cwd`).includes(marker) ||
    (readLink(`${folder}/ns/mnt`) === own.name ? own.hasMount : read(`${folder}/mountinfo`).includes(marker))
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
