import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { AppError, systemCode } from "./errors.ts";
import { homeWords } from "./words/english/home.ts";

export interface PrivateFileRules {
  /** Whether other users of the machine may read it. Nobody else may ever write it. */
  readonly mayOthersRead: boolean;
}

const largest = 1_048_576;

/** The text of a file that is ours, or nothing when there is none. Throws `AppError("config")` with the remedy. */
export function readPrivateFile(path: string, rules: PrivateFileRules): string | undefined {
  const descriptor = openExisting(path);
  if (descriptor === undefined) return undefined;
  try {
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new AppError("config", homeWords.fileNotFile({ path }));
    if (status.size > largest) throw new AppError("config", homeWords.fileTooLarge({ path }));
    const loose = rules.mayOthersRead ? 0o002 : 0o077;
    if ((status.mode & loose) !== 0) {
      const mode = (status.mode & 0o777).toString(8);
      const canWrite = rules.mayOthersRead;
      throw new AppError("config", homeWords.fileOpenToOthers({ path, mode, canWrite }));
    }
    return decode(readFileSync(descriptor), path);
  } finally {
    closeSync(descriptor);
  }
}

/** Replaces the file in one step, mode 0600, and returns when it is on the disk. A link keeps pointing to it. */
export function writePrivateFile(path: string, text: string): void {
  const target = followLink(path);
  const draft = `${target}.${process.pid}.${crypto.randomUUID()}.tmp`;
  try {
    const descriptor = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Without blocking on a pipe that somebody put there. */
function openExisting(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    switch (systemCode(cause)) {
      case "ENOENT":
        return undefined;
      case "EACCES":
      case "EPERM":
        throw new AppError("config", homeWords.fileUnreadable({ path }), { cause });
      case "ENOTDIR":
      case "ELOOP":
        throw new AppError("config", homeWords.fileBelowNoFolder({ path }), { cause });
      default:
        throw cause;
    }
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes;
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  try {
    if (!isWide) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("config", homeWords.fileNotText({ path, isWide: false }), { cause });
  }
  throw new AppError("config", homeWords.fileNotText({ path, isWide: true }));
}

function followLink(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return path;
    throw error;
  }
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
