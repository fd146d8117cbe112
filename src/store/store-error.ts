import { AppError, systemCode } from "../errors.ts";

/** What stands between us and a file, whoever opens it. */
const pathProblems: readonly string[] = ["EACCES", "EPERM", "ENOTDIR", "EEXIST", "ELOOP", "ENAMETOOLONG"];

/** Another connection holds the lock: it passes by itself. */
export function isBusy(error: unknown): boolean {
  const code = systemCode(error) ?? "";
  return code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED");
}

/** What the disk and other programs do to a database is foreseen; anything else is a bug and comes back untouched. */
export function toStoreError(error: unknown, file: string): unknown {
  const code = systemCode(error) ?? "";
  if (isBusy(error)) {
    return new AppError("store", `Another program has kept the database locked for too long (${file}).`, {
      hint: "End the program that holds it (fuser names it) and try again.",
      cause: error,
    });
  }
  if (code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT") {
    return new AppError("store", `The disk is full (${file}). Nothing that was already saved is lost.`, {
      hint: "Free some space and try again.",
      cause: error,
    });
  }
  if (code === "SQLITE_CORRUPT" || code.startsWith("SQLITE_CORRUPT_") || code === "SQLITE_NOTADB") {
    return damaged(file, error);
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EROFS") {
    return new AppError("store", `The database can only be read, not written (${file}).`, {
      hint: "Set NANOCLAW_HOME to a folder that can be written.",
      cause: error,
    });
  }
  if (code.startsWith("SQLITE_CANTOPEN") || pathProblems.includes(code)) {
    return new AppError("store", `The database cannot be opened (${file}).`, {
      hint: "Check what stands at that path and who owns it: ls -ld shows both.",
      cause: error,
    });
  }
  if (code.startsWith("SQLITE_IOERR")) {
    return new AppError("store", `The disk failed while the database was used (${file}).`, {
      hint: "Check the free space and the disk (df, dmesg) and try again.",
      cause: error,
    });
  }
  return error;
}

/** Never replaced silently: what is in it may still be saved by a person. */
export function damaged(file: string, cause?: unknown): AppError {
  return new AppError("store", `The database is damaged (${file}).`, {
    hint: 'Move it and its "-wal" and "-shm" files away and put the newest file of the "backups" folder beside it in its place.',
    ...(cause === undefined ? {} : { cause }),
  });
}
