import { AppError } from "./errors.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Exactly what the program gets; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly timeoutMs?: number;
  /** For each of the two outputs; what comes after it is read and dropped. */
  readonly maxOutputBytes?: number;
}

export interface RunResult {
  /** 128 + the signal's number for a program that died of one, as shells say it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly isTruncated: boolean;
}

/**
 * Runs one of our own helper programs to its end: an argument list, never a shell string. The whole process group
 * is ended with it. Throws `signal.reason`, `AppError("timeout")`, or `AppError("not-found")` when there is no such program.
 */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal.throwIfAborted();
  const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
  const ending = AbortSignal.any([options.signal, timeout]);
  const child = start(argv, options);
  function endGroup(): void {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is gone already.
    }
  }
  ending.addEventListener("abort", endGroup, { once: true });
  try {
    const limit = options.maxOutputBytes ?? 1024 * 1024;
    const outputs = Promise.all([readUpTo(child.stdout, limit), readUpTo(child.stderr, limit)]);
    const code = await child.exited;
    // What it left running would hold the outputs open.
    endGroup();
    const [stdout, stderr] = await outputs;
    options.signal.throwIfAborted();
    if (timeout.aborted) throw new AppError("timeout", `${argv[0]} did not end in time.`);
    return {
      code,
      stdout: stdout.text,
      stderr: stderr.text,
      isTruncated: stdout.isTruncated || stderr.isTruncated,
    };
  } finally {
    ending.removeEventListener("abort", endGroup);
  }
}

function start(argv: readonly string[], options: RunOptions) {
  try {
    return Bun.spawn([...argv], {
      env: { ...options.env },
      stdin: typeof options.stdin === "string" ? Buffer.from(options.stdin) : (options.stdin ?? "ignore"),
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
      cwd: options.cwd ?? "/",
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
  } catch (cause) {
    throw new AppError("not-found", `${argv[0]} could not be started.`, { cause });
  }
}

async function readUpTo(stream: ReadableStream<Uint8Array>, limit: number) {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isTruncated = false;
  for await (const chunk of stream) {
    const kept = chunk.subarray(0, limit - size);
    if (kept.length > 0) chunks.push(kept);
    size += kept.length;
    isTruncated ||= kept.length < chunk.length;
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), isTruncated };
}
