import { defaultConfig } from "../config/defaults.ts";
import type { Config } from "../config/schema.ts";

/** What the commands of one sandbox may use of the machine. */
export interface SandboxLimits {
  /** Of all its commands together where control groups hold, else of each process. */
  readonly memoryBytes: number;
  /** Likewise of all together, else of each command. */
  readonly processes: number;
  /** Of all processors of the machine. */
  readonly cpuPercent: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** The longest that a command may run. */
  readonly commandMs: number;
  /** What a command may print. */
  readonly outputBytes: number;
  /** Commands at once. */
  readonly commands: number;
  /** What must be free on the disk of its folders before a command starts. */
  readonly freeBytes: number;
}

const mega = 1024 * 1024;

export function toSandboxLimits({ limits }: Config["sandbox"]): SandboxLimits {
  return {
    memoryBytes: limits.memoryMb * mega,
    processes: limits.processes,
    cpuPercent: limits.cpuPercent,
    fileBytes: limits.fileMb * mega,
    commandMs: limits.seconds * 1000,
    outputBytes: limits.outputMb * mega,
    commands: limits.commands,
    freeBytes: limits.freeMb * mega,
  };
}

/** Of a sandbox for which nothing else was said: never none. */
export const defaultLimits: SandboxLimits = toSandboxLimits(defaultConfig.sandbox);
