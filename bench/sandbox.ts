import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { Sandbox, SandboxRuntime } from "../src/sandbox/sandbox.ts";
import type { Subject } from "./measure.ts";

/** The uid of the bench's group when we are root: in the reserved range, used by nobody. */
const groupUid = 265_000;

/** A sandbox as a group gets it, in a folder of its own. */
export async function openBenchSandbox(runtime: SandboxRuntime, folder: string): Promise<Sandbox> {
  const [workspace, home, temporary] = ["workspace", "home", "temporary"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const isRoot = process.getuid?.() === 0;
  for (const path of [workspace, home, temporary]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (isRoot) await chown(path, groupUid, groupUid);
  }
  const uid = isRoot ? groupUid : (process.getuid?.() ?? 0);
  return await runtime.open({ uid, workspace, home, temporary, mounts: [] });
}

/** A command in the sandbox as tools run one, and beside it the least that bubblewrap can do. */
export function createSandboxSubjects(sandbox: Sandbox, signal: AbortSignal): readonly Subject[] {
  return [
    { name: "bwrap", run: runBareBubblewrap },
    {
      name: "sandboxed",
      async run() {
        const started = performance.now();
        const child = await sandbox.spawn(["true"], { signal });
        const exit = await child.exited;
        const ms = performance.now() - started;
        if (exit.type !== "exited" || exit.code !== 0)
          throw new Error(`the sandboxed command ended as ${JSON.stringify(exit)}`);
        return ms;
      },
    },
  ];
}

async function runBareBubblewrap(): Promise<number> {
  const started = performance.now();
  const child = Bun.spawn(["bwrap", "--ro-bind", "/", "/", "true"], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const code = await child.exited;
  const ms = performance.now() - started;
  if (code !== 0) throw new Error(`bwrap failed (${code}): ${await new Response(child.stderr).text()}`);
  return ms;
}
