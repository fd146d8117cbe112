import { join } from "node:path";
import type { RunningProgram } from "./program-bench.ts";

/** System calls by which the program changes what is on disk. */
export const changingCalls = [
  "pwrite64",
  "fsync",
  "fdatasync",
  "ftruncate",
  "unlink",
  "mkdir",
  "rename",
] as const;

/** And by which it says something to others. */
export const sendingCalls = ["sendto", "sendmsg"] as const;

export type ChangingCall = (typeof changingCalls)[number] | (typeof sendingCalls)[number];

/** A command that does `what` (`signal=SIGKILL`, `error=ENOSPC`, …) to the `when`th call of each thread of the one behind it. */
export function injecting(call: ChangingCall, what: string, when: string): string[] {
  return [...toStrace(call), "-o", "/dev/null", "-e", `inject=${call}:${what}:when=${when}`];
}

/** How often each call is made by the busiest thread of the program that `start` starts. */
export async function countCalls(
  folder: string,
  start: (under: readonly string[]) => Pick<RunningProgram, "ended">,
  calls: readonly ChangingCall[] = changingCalls,
): Promise<ReadonlyMap<ChangingCall, number>> {
  const trace = join(folder, "trace");
  await start([...toStrace(...calls), "-o", trace]).ended;
  const counts = new Map<string, number>();
  for (const line of (await Bun.file(trace).text()).split("\n")) {
    const [, thread = "", call = ""] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    counts.set(`${thread} ${call}`, (counts.get(`${thread} ${call}`) ?? 0) + 1);
  }
  // What runs in the sandbox makes few of them.
  return new Map(
    calls.map((call) => [
      call,
      Math.max(0, ...[...counts].flatMap(([key, count]) => (key.endsWith(` ${call}`) ? [count] : []))),
    ]),
  );
}

/** Of 1 to `count`, `most` at most, spread evenly; where there are more, `shift` (from 0 to below 1) says which of them. */
export function spread(count: number, most: number, shift = 0): number[] {
  const size = Math.min(count, most);
  return Array.from({ length: size }, (_, at) => 1 + Math.floor(((at + shift) * count) / size));
}

/** Without `--seccomp-bpf`: it is faster, and then strace injects nothing into threads. */
function toStrace(...calls: readonly ChangingCall[]): string[] {
  const path = Bun.which("strace");
  if (path === null) throw new Error("strace is not installed: apt-get install strace");
  return [path, "-f", "-qq", "-e", `trace=${calls.join(",")}`];
}
