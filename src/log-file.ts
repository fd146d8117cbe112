import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "./errors.ts";

export interface LogFileOptions {
  readonly path: string;
  /** A file that a line would make larger is put aside as `PATH.1`. */
  readonly maxBytes?: number;
  /** The current file counted; the oldest goes. */
  readonly maxFiles?: number;
}

/** Where a log goes that nobody watches. */
export interface LogFile extends Disposable {
  /** Never throws: a log that cannot be written stops nothing. What was lost is counted and told when there is room. */
  write(line: string): void;
}

/** Longer than any line that a person reads; the rest of it is cut. */
const longestLine = 64 * 1024;
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** Appends to a file of mode 0600 below a folder of mode 0700, 10 MB by 5 files if nothing else is said. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { path, maxBytes = 10_000_000, maxFiles = 5 } = options;
  let descriptor: number | undefined;
  let lost = 0;
  let isTorn = false;

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  /** What was removed or moved by somebody else is made anew. */
  function open(bytes: number): number {
    if (descriptor === undefined) descriptor = openPrivate(path);
    const status: Stats = fstatSync(descriptor);
    const isFull = status.size > 0 && status.size + bytes > maxBytes;
    if (!isFull && status.nlink > 0) return descriptor;
    close();
    if (isFull) rotate(path, maxFiles);
    descriptor = openPrivate(path);
    return descriptor;
  }

  function append(text: string): void {
    const bytes = Buffer.from(isTorn ? `\n${text}` : text);
    const written = writeSync(open(bytes.length), bytes);
    isTorn = written < bytes.length;
    if (isTorn) throw new Error("The disk took only a part of the line.");
  }

  return {
    write(line) {
      try {
        if (lost > 0) {
          append(toLossLine(lost));
          lost = 0;
        }
        append(line.length > longestLine ? `${line.slice(0, longestLine)}…\n` : line);
      } catch {
        lost += 1;
      }
    },
    [Symbol.dispose]: close,
  };
}

function openPrivate(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const descriptor = openSync(path, flags, 0o600);
  fchmodSync(descriptor, 0o600);
  return descriptor;
}

/** `log` becomes `log.1`, `log.1` becomes `log.2`, and so on; the last is written over. */
function rotate(path: string, maxFiles: number): void {
  for (let age = maxFiles - 1; age >= 1; age--) {
    try {
      renameSync(age === 1 ? path : `${path}.${age - 1}`, `${path}.${age}`);
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }
}

function toLossLine(lost: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ time, level: "warn", message: "log lines could not be written", lost })}\n`;
}
