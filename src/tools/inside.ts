import type { SandboxExit } from "../sandbox/sandbox.ts";
import { AppError } from "../errors.ts";
import { drain } from "./drain.ts";
import { OutputBuffer } from "./output-buffer.ts";
import type { ToolContext } from "./tool.ts";
import { toVisibleLine } from "./visible.ts";

export interface InsideOptions {
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** How many bytes of standard output are kept. */
  readonly limit?: number;
}

const defaultTimeoutMs = 20_000;
const defaultLimit = 1_000_000;
const errorLimit = 8192;

/**
 * Runs a constant POSIX `sh` script in the sandbox with `parameters` as `$1`, `$2`, … and gives what it printed.
 * Nothing that the model wrote ever becomes part of a script. Throws `AppError` when it fails or takes too long.
 */
export async function runInside(
  script: string,
  parameters: readonly string[],
  options: InsideOptions,
  context: Pick<ToolContext, "sandbox" | "signal">,
): Promise<Uint8Array> {
  const { limit = defaultLimit, timeoutMs = defaultTimeoutMs, ...rest } = options;
  const { signal } = context;
  const sandbox = await context.sandbox();
  signal.throwIfAborted();
  const child = await sandbox.spawn(["sh", "-c", script, "sh", ...parameters], {
    ...rest,
    timeoutMs,
    signal,
    isOffline: true,
  });
  const output = new OutputBuffer(limit, 0);
  const errors = new OutputBuffer(errorLimit, errorLimit);
  const [exit] = await Promise.all([
    child.exited,
    drain(child.stdout, child.exited, (chunk) => output.add(chunk)),
    drain(child.stderr, child.exited, (chunk) => errors.add(chunk)),
  ]);
  signal.throwIfAborted();
  if (exit.type === "exited" && exit.code === 0) return output.head();
  throw toFailure(exit, errors.text(), timeoutMs);
}

function toFailure(exit: SandboxExit, errors: string, timeoutMs: number): AppError {
  if (exit.type === "timed-out") {
    return new AppError("timeout", `It did not finish within ${timeoutMs / 1000} seconds and was stopped.`);
  }
  const said = toVisibleLine(errors.trim().split("\n").at(-1) ?? "", 300);
  return new AppError("io", said === "" ? `It failed in the sandbox (${exit.type}).` : `It failed: ${said}`);
}
