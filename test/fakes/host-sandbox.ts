import { chmod, chown, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox, SandboxExit, SandboxProcess, SpawnOptions } from "../../src/sandbox/sandbox.ts";
import { AppError } from "../../src/errors.ts";

const nobody = 65_534;

/**
 * The `Sandbox` port without isolation: commands run on this host in a temporary folder, as nobody when we are root.
 * For the speed of tests only.
 */
export async function createHostSandbox(env: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "host-sandbox-")));
  const paths = {
    workspace: join(root, "workspace"),
    home: join(root, "home"),
    temporary: join(root, "tmp"),
    mounts: [],
  };
  const isRoot = process.getuid?.() === 0;
  await chmod(root, 0o755);
  for (const path of [paths.workspace, paths.home, paths.temporary]) {
    await mkdir(path);
    if (isRoot) await chown(path, nobody, nobody);
  }
  const drop = isRoot ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups"] : [];
  const fixed = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: paths.home, TMPDIR: paths.temporary, ...env };
  const running = new Set<SandboxProcess>();
  return {
    paths,
    async spawn(argv, options) {
      options.signal.throwIfAborted();
      const process = start([...drop, ...argv], {
        cwd: paths.workspace,
        ...options,
        env: { ...fixed, ...options.env },
      });
      running.add(process);
      void process.exited.then(() => running.delete(process));
      return process;
    },
    async [Symbol.asyncDispose]() {
      for (const process of running) process.kill();
      await Promise.all([...running].map((process) => process.exited));
      await rm(root, { recursive: true, force: true });
    },
  };
}

type StopReason = "timed-out" | "cancelled";

function start(argv: readonly string[], options: SpawnOptions): SandboxProcess {
  const started = performance.now();
  const { stdin, signal, timeoutMs } = options;
  const child = spawnGroup(argv, options);
  let stopped: StopReason | undefined;
  function kill(): void {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group is already gone.
    }
  }
  function stop(reason: StopReason): void {
    stopped ??= reason;
    kill();
  }
  const cancel = (): void => stop("cancelled");
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop("timed-out"), timeoutMs);
  signal.addEventListener("abort", cancel, { once: true });
  const exited = child.exited.then((code): SandboxExit => {
    clearTimeout(timer);
    signal.removeEventListener("abort", cancel);
    kill();
    const durationMs = performance.now() - started;
    if (stopped !== undefined) return { type: stopped, durationMs };
    if (child.signalCode !== null) return { type: "signalled", signal: String(child.signalCode), durationMs };
    return { type: "exited", code, durationMs };
  });
  const base = { stdout: child.stdout, stderr: child.stderr, exited, kill };
  return stdin === "pipe" ? { ...base, stdin: toInput(child.stdin) } : base;
}

function spawnGroup(argv: readonly string[], { cwd, env, stdin }: SpawnOptions) {
  try {
    const child = Bun.spawn([...argv], {
      detached: true,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    if (stdin !== "pipe") void feed(child.stdin, stdin ?? "");
    return child;
  } catch (cause) {
    throw new AppError("sandbox-failed", `Could not start ${argv[0] ?? "nothing"}.`, { cause });
  }
}

async function feed(sink: Bun.FileSink, data: string | Uint8Array): Promise<void> {
  try {
    await sink.write(data);
    await sink.end();
  } catch {
    // The child stopped reading: it has its reasons.
  }
}

function toInput(sink: Bun.FileSink) {
  return {
    async write(data: string | Uint8Array) {
      await sink.write(data);
      await sink.flush();
    },
    async end() {
      await sink.end();
    },
  };
}
