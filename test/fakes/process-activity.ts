import { readdirSync, readFileSync } from "node:fs";

/** What this process and its children are doing beside the code that asks. */
export interface ProcessActivity {
  /** A thread or a child has something to do, be it that it has to wait for a processor or a disk. */
  readonly isBusy: boolean;
  /** The same twice: none of them has run in between. */
  readonly mark: string;
}

/** They compile and tidy up; nothing waits for what they do. */
const housekeepers = /^(?:JIT|JSC|mi-|Heap|GC)/;

/**
 * The kernel's word for it, so that it holds on a machine that has much else to do, where a file takes as long to be read as
 * a thread takes to get a processor. Nothing on a system without `/proc`.
 */
export function readProcessActivity(): ProcessActivity | undefined {
  const states: string[] = [];
  try {
    for (const thread of readdirSync("/proc/self/task")) {
      if (thread !== String(process.pid)) add(`/proc/self/task/${thread}`, states);
    }
  } catch {
    return undefined;
  }
  addChildren(`/proc/self/task/${process.pid}`, states);
  return { isBusy: states.some((state) => /^[^SIt]/.test(state)), mark: states.join(" ") };
}

/** Its state, a letter, and how often it has run. */
function add(folder: string, states: string[]): void {
  const stat = read(`${folder}/stat`);
  const nameEnd = stat.lastIndexOf(")");
  if (housekeepers.test(stat.slice(stat.indexOf("(") + 1, nameEnd))) return;
  states.push(`${stat[nameEnd + 2] ?? "X"} ${folder} ${read(`${folder}/schedstat`)}`);
}

/** A child that has ended is busy until we have heard of it. */
function addChildren(task: string, states: string[]): void {
  for (const child of read(`${task}/children`).split(" ")) {
    if (child === "") continue;
    add(`/proc/${child}`, states);
    addChildren(`/proc/${child}/task/${child}`, states);
  }
}

/** Nothing for a thread or child that ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
