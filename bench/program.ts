import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { CommandOptions } from "./measure.ts";
import { answer, type BenchModel } from "./model.ts";

export interface ProgramHome {
  /** What `nanoclaw agent -m hi` is started with: each run in the same home, as the first run left it. */
  readonly options: CommandOptions;
}

/**
 * A home of its own for the program, with a configuration that points at the bench's model. The first run makes the
 * database; its state is kept and put back before each run, so that the hundredth run has no longer history than the first.
 */
export async function createProgramHome(
  folder: string,
  model: BenchModel,
  base: string,
  argv: readonly string[],
): Promise<ProgramHome> {
  const home = join(folder, "home");
  const kept = join(folder, "kept");
  await mkdir(join(home, ".nanoclaw"), { recursive: true, mode: 0o700 });
  const config = {
    providers: { anthropic: { apiKey: "bench", apiBase: base } },
    agents: { defaults: { model: "anthropic/claude-sonnet-4-5" } },
  };
  await Bun.write(join(home, ".nanoclaw/config.json"), JSON.stringify(config), { mode: 0o600 });
  const env = {
    HOME: home,
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    NODE_EXTRA_CA_CERTS: model.certificate,
    NANOCLAW_HOME: join(home, ".nanoclaw"),
  };
  const first = Bun.spawnSync([...argv], { cwd: home, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  if (first.exitCode !== 0 || !first.stdout.toString().includes(answer)) {
    throw new Error(
      `${argv.join(" ")} failed (${first.exitCode}):\n${first.stdout.toString()}${first.stderr.toString()}`,
    );
  }
  await cp(home, kept, { recursive: true });
  async function prepare(): Promise<void> {
    await rm(home, { recursive: true, force: true });
    await cp(kept, home, { recursive: true });
  }
  return { options: { cwd: folder, env, expected: answer, prepare } };
}

/** The environment of a home whose configuration is no JSON. */
export async function createBrokenHome(home: string): Promise<Readonly<Record<string, string>>> {
  await mkdir(join(home, ".nanoclaw"), { recursive: true, mode: 0o700 });
  await Bun.write(join(home, ".nanoclaw/config.json"), '{ "agents": {,', { mode: 0o600 });
  return {
    HOME: home,
    PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
    NANOCLAW_HOME: join(home, ".nanoclaw"),
  };
}
