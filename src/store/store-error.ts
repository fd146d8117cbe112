import { AppError, systemCode } from "../errors.ts";
import type { Saying } from "../words/define-words.ts";
import { storeWords } from "../words/english/store.ts";

/** What stands between us and a file, whoever opens it. */
const pathProblems: readonly string[] = [
  "EACCES",
  "EPERM",
  "ENOTDIR",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
];

/** Another connection holds the lock: it passes by itself. */
export function isBusy(error: unknown): boolean {
  const code = systemCode(error) ?? "";
  return code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED");
}

/** Nothing of what was to be written is there. */
export function isFull(error: unknown): boolean {
  return error instanceof AppError && error.words?.key === "store.full";
}

/** What the disk and other programs do to a database is foreseen; anything else is a bug and comes back untouched. */
export function toStoreError(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? "";
  const words = code.startsWith("SQLITE_IOERR") && hasNoRoom(file) ? storeWords.full : findWords(error, code);
  return words === undefined ? error : new AppError("store", words({ file }), { cause: error });
}

function findWords(error: unknown, code: string): ((facts: { file: string }) => Saying) | undefined {
  if (isBusy(error)) return storeWords.locked;
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") return storeWords.full;
  if (code === "SQLITE_CORRUPT" || code.startsWith("SQLITE_CORRUPT_") || code === "SQLITE_NOTADB") {
    return storeWords.damaged;
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EROFS") return storeWords.readOnly;
  if (code.startsWith("SQLITE_CANTOPEN") || pathProblems.includes(code)) return storeWords.cannotOpen;
  if (code.startsWith("SQLITE_IOERR")) return storeWords.diskFailed;
  return undefined;
}

/** SQLite calls it a failure of the disk when there is no room for what its processes share. */
function hasNoRoom(file: string): boolean {
  const { statfsSync } = process.getBuiltinModule("node:fs");
  try {
    const { bavail, bsize } = statfsSync(file);
    return bavail * bsize < sharedBytes;
  } catch {
    return false;
  }
}

const sharedBytes = 32_768;

/** Never replaced silently: what is in it may still be saved by a person. */
export function damaged(file: string, cause?: unknown): AppError {
  return new AppError("store", storeWords.damaged({ file }), cause === undefined ? {} : { cause });
}
