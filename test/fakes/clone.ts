import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { listFiles } from "../../scripts/list-files.ts";

const project = join(import.meta.dir, "../..");

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly detached?: boolean;
}

export interface Clone extends AsyncDisposable {
  readonly folder: string;
  /** In the clone's folder; what it writes goes nowhere. */
  start(argv: readonly string[], options: StartOptions): Bun.Subprocess<"ignore", "ignore", "ignore">;
  /** What it writes to stdout; throws when it fails. */
  output(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

/** The project's files as they are now, in a folder of their own, nothing installed. */
export async function createClone(): Promise<Clone> {
  const root = await mkdtemp(join(tmpdir(), "nanoclaw-clone-"));
  const folder = join(root, "nanoclaw");
  for (const path of await listFiles(project))
    await Bun.write(join(folder, path), Bun.file(join(project, path)));
  return {
    folder,
    start: (argv, { env, detached = false }) =>
      Bun.spawn([...argv], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdin: "ignore",
        stdout: "ignore",
        stderr: "ignore",
        detached,
      }),
    async output(argv, env) {
      const child = Bun.spawn([...argv], {
        cwd: folder,
        env: { ...process.env, ...env },
        stdout: "pipe",
        stderr: "pipe",
      });
      const [stdout, stderr] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      if ((await child.exited) !== 0) throw new Error(`${argv.join(" ")} failed:\n${stdout}${stderr}`);
      return stdout;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
