import { AppError } from "../errors.ts";
import type { SandboxProcess, ToolSandbox } from "../sandbox/sandbox.ts";
import { drain } from "../tools/drain.ts";

export interface InsideOptions {
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly stdin?: Uint8Array | "pipe";
  readonly timeoutMs: number;
}

/** Without the folder in the group's home that comes first there: what the group's commands left is never one of our tools. */
const searchPath = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin";

const mostErrorBytes = 4096;

export interface RunningTool extends SandboxProcess {
  /** What it said on standard error, once it is over. */
  readonly complaint: Promise<string>;
}

/** Starts one of the system's own programs in the group's sandbox, with constant options. */
export async function startInside(
  sandbox: ToolSandbox,
  argv: readonly string[],
  { cwd = "/", ...options }: InsideOptions,
): Promise<RunningTool> {
  const env = { PATH: searchPath, LC_ALL: "C" };
  const child = await sandbox.spawn(argv, { ...options, cwd, env, isOffline: true });
  return { ...child, complaint: readErrors(child) };
}

/** Runs it to its end and gives its exit code. What it says is for nobody: the caller looks at the result. */
export async function runInside(
  sandbox: ToolSandbox,
  argv: readonly string[],
  options: InsideOptions,
): Promise<number> {
  const child = await startInside(sandbox, argv, options);
  await drain(child.stdout, child.exited, () => {});
  return await waitFor(child, options.signal);
}

/** Its exit code. Throws `AppError("timeout")`, or `signal.reason`. */
export async function waitFor(child: RunningTool, signal: AbortSignal): Promise<number> {
  const exit = await child.exited;
  signal.throwIfAborted();
  switch (exit.type) {
    case "exited":
      return exit.code;
    case "timed-out":
      throw new AppError("timeout", "It took too long.");
    case "signalled":
    case "cancelled":
    case "flooded":
      return 255;
    default:
      return exit satisfies never;
  }
}

async function readErrors(child: SandboxProcess): Promise<string> {
  let text = "";
  await drain(child.stderr, child.exited, (chunk) => {
    if (text.length < mostErrorBytes) text += Buffer.from(chunk).toString("utf8");
  });
  return text.slice(0, mostErrorBytes);
}
