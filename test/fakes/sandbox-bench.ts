import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type {
  SandboxMount,
  SandboxRuntime,
  SandboxSpec,
  SpawnOptions,
  ToolSandbox,
} from "../../src/sandbox/sandbox.ts";

/** A runtime with real folders in a place of their own, and short ways to run things in it. */
export class SandboxBench implements AsyncDisposable {
  readonly runtime: SandboxRuntime;
  readonly root: string;
  readonly #uids = new Map<string, number>();

  static async create(runtime: SandboxRuntime): Promise<SandboxBench> {
    const root = await mkdtemp("/tmp/nanoclaw-test-");
    await chmod(root, 0o755);
    return new SandboxBench(runtime, root);
  }

  constructor(runtime: SandboxRuntime, root: string) {
    this.runtime = runtime;
    this.root = root;
  }

  /** The folders of a group, below one that only its owner may enter. */
  async group(name: string, mounts: readonly SandboxMount[] = []): Promise<SandboxSpec> {
    const folder = join(this.root, "private", name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(join(this.root, "private"), 0o700);
    const uid = this.#uids.get(name) ?? 210_001 + this.#uids.size;
    this.#uids.set(name, uid);
    return {
      uid,
      workspace: join(folder, "workspace"),
      home: join(folder, "home"),
      temporary: join(folder, "tmp"),
      mounts,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

export interface Finished {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and reads all that it says. */
export async function finish(
  sandbox: ToolSandbox,
  argv: readonly string[],
  options: Partial<SpawnOptions> = {},
): Promise<Finished> {
  const call = await sandbox.spawn(argv, { signal: AbortSignal.timeout(60_000), ...options });
  const [stdout, stderr, exit] = await Promise.all([
    new Response(call.stdout).text(),
    new Response(call.stderr).text(),
    call.exited,
  ]);
  return { code: exit.type === "exited" ? exit.code : exit.type, stdout, stderr };
}

/** The same with a line for `sh`. */
export function shell(
  sandbox: ToolSandbox,
  line: string,
  options: Partial<SpawnOptions> = {},
): Promise<Finished> {
  return finish(sandbox, ["sh", "-c", line], options);
}
