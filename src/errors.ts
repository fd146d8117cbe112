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
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

/** The only place where an error becomes words for a person. `logId` names the log line that holds the details of a bug. */
export function explain(error: unknown, logId?: string): Explanation {
  if (error instanceof AppError) {
    return error.hint === undefined
      ? { message: error.message }
      : { message: error.message, hint: error.hint };
  }
  const system = explainSystemError(error);
  if (system !== undefined) return system;
  return {
    message: "Something went wrong that should not have: this is a bug in NanoClaw.",
    hint:
      logId === undefined
        ? "Run it again with --logs to see the details."
        : `The details stand in the log under ${logId}.`,
  };
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

function explainSystemError(error: unknown): Explanation | undefined {
  const path =
    error instanceof Error && "path" in error && typeof error.path === "string" ? ` (${error.path})` : "";
  switch (systemCode(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "SQLITE_FULL":
      return {
        message: `The disk is full${path}. Nothing that was already saved is lost.`,
        hint: "Free some space and try again.",
      };
    case "EACCES":
    case "EPERM":
      return {
        message: `Permission was refused${path}.`,
        hint: "Check who owns it and its mode: ls -ld shows both.",
      };
    case "EROFS":
    case "SQLITE_READONLY":
      return {
        message: `It can only be read, not written${path}.`,
        hint: "Set NANOCLAW_HOME to a folder that can be written.",
      };
    case "EMFILE":
    case "ENFILE":
      return {
        message: "Too many files are open.",
        hint: "Raise the limit (ulimit -n 4096) or close some programs.",
      };
    default:
      return undefined;
  }
}
