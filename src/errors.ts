import type { Saying, Words } from "./words/define-words.ts";
import { systemWords } from "./words/english/system.ts";

/** Why something that we foresaw went wrong. Closed: `explain()` and the exit code depend on it. */
export type ErrorCode =
  | "usage"
  | "config"
  | "not-found"
  | "conflict"
  | "denied"
  | "no-key"
  | "provider-auth"
  | "provider-quota"
  | "provider-refused"
  | "provider-failed"
  | "too-long"
  | "budget"
  | "network"
  | "sandbox-unavailable"
  | "sandbox-failed"
  | "store"
  | "io"
  | "timeout"
  | "cancelled";

export interface AppErrorOptions {
  /** One sentence that says what to do about it. */
  readonly hint?: string;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** Something foreseen: the message names the thing, the hint names the fix. Neither ever holds a secret. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** Which sentence of the catalogue it is, for other languages; absent where it stands in none. */
  readonly words: Words | undefined;
  readonly retryAfterMs: number | undefined;

  /** `said`: a sentence of the catalogue (`homeWords.unset()`), with its hint; or words that only we and models read. */
  constructor(code: ErrorCode, said: string | Saying, options: AppErrorOptions = {}) {
    const saying = typeof said === "string" ? { message: said } : said;
    super(saying.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? saying.hint;
    this.words = saying.words;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The only place where an error becomes words for a person, in English. `logId` names the log line that holds the details of a bug. */
export function explain(error: unknown, logId?: string): Saying {
  if (error instanceof AppError) {
    const { message, hint, words } = error;
    return {
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(words === undefined ? {} : { words }),
    };
  }
  return explainSystemError(error) ?? systemWords.bug({ logId });
}

/** Whether a thrown value is the end of a cancelled operation and not a failure. */
export function isCancelled(error: unknown): boolean {
  if (error instanceof AppError) return error.code === "cancelled";
  return error instanceof Error && error.name === "AbortError";
}

/** The code of a failed system call (`ENOENT`, `ENOSPC`, …), if that is what was thrown. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function explainSystemError(error: unknown): Saying | undefined {
  const path =
    error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : undefined;
  switch (systemCode(error)) {
    case "ENOSPC":
    case "SQLITE_FULL":
      return systemWords.diskFull({ path });
    case "EDQUOT":
      return systemWords.quotaFull({ path });
    case "EACCES":
    case "EPERM":
      return systemWords.permission({ path });
    case "EROFS":
    case "SQLITE_READONLY":
      return systemWords.readOnly({ path });
    case "EMFILE":
    case "ENFILE":
      return systemWords.tooManyFiles();
    case "ENOMEM":
      return systemWords.outOfMemory();
    case "EIO":
      // What a read of a terminal says whose window was closed.
      return path === undefined ? systemWords.inputClosed() : undefined;
    default:
      return undefined;
  }
}
