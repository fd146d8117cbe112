import type { Stats } from "node:fs";
import { AppError, systemCode } from "./errors.ts";
import { homeWords } from "./words/english/home.ts";

export interface PrivateFileRules {
  /** Whether other users of the machine may read it. Nobody else may ever write it. */
  readonly mayOthersRead: boolean;
}

const largest = 1_048_576;

/**
 * The text of a file that is ours, or nothing when there is none. Throws `AppError("config")` with the remedy. By
 * `Bun.file`, for `node:fs` costs a millisecond on the way to the first answer.
 */
export async function readPrivateFile(path: string, rules: PrivateFileRules): Promise<string | undefined> {
  const file = Bun.file(path);
  try {
    check(await file.stat(), path, rules);
    return decode(await file.bytes(), path);
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

function check(status: Stats, path: string, rules: PrivateFileRules): void {
  if (!status.isFile()) throw new AppError("config", homeWords.fileNotFile({ path }));
  if (status.size > largest) throw new AppError("config", homeWords.fileTooLarge({ path }));
  const loose = rules.mayOthersRead ? 0o002 : 0o077;
  if ((status.mode & loose) === 0) return;
  const mode = (status.mode & 0o777).toString(8);
  throw new AppError("config", homeWords.fileOpenToOthers({ path, mode, canWrite: rules.mayOthersRead }));
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
