/** A process that holds a lease, named so that another process with the same number is not taken for it. */
export interface Holder {
  readonly pid: number;
  /** When the process started, in the kernel's own words; empty where the system doesn't say. */
  readonly pidStart: string;
  /** Which start of the machine; empty where the system doesn't say. */
  readonly bootId: string;
}

export type IsAlive = (holder: Holder) => boolean;

const bootIdFile = "/proc/sys/kernel/random/boot_id";

/** This process. */
export async function readOwnHolder(): Promise<Holder> {
  return await readHolder(process.pid);
}

/** A process that runs now. */
export async function readHolder(pid: number): Promise<Holder> {
  const [stat, bootId] = await Promise.all([readIfThere(`/proc/${pid}/stat`), readIfThere(bootIdFile)]);
  return { pid, pidStart: parseStat(stat)?.start ?? "", bootId: bootId.trim() };
}

/** Whether the very process still runs. Synchronous, so that it can be asked inside a transaction. */
export function isProcessAlive({ pid, pidStart, bootId }: Holder): boolean {
  // Asked only about a lease that is taken: loaded here, `node:fs` costs a free one nothing.
  const { readFileSync } = process.getBuiltinModule("node:fs");
  function read(path: string): string {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  }
  if (bootId !== read(bootIdFile).trim()) return false;
  if (pidStart === "") return canSignal(pid);
  const stat = parseStat(read(`/proc/${pid}/stat`));
  return stat !== undefined && stat.start === pidStart && !stat.hasExited;
}

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Bun.file(path).text();
  } catch {
    return "";
  }
}

/** Fields 3 (state) and 22 (start) of `/proc/PID/stat`; the second field, a name, may hold blanks and parentheses. */
function parseStat(text: string): { readonly start: string; readonly hasExited: boolean } | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  if (state === undefined || start === undefined) return undefined;
  return { start, hasExited: state === "Z" || state === "X" };
}
