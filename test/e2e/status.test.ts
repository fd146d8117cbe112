import { expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../fakes/program-bench.ts";

const rounds = 5;
/** Of what status takes where all is well; measured in turns, since the machine is busy with other tests. */
const mostTimes = 2;
/** Less than any server's, lock's or gateway's deadline: a wait for one of them shows however slow the machine is. */
const mostMs = 900;

interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
}

test("status answers as fast with a dead gateway, a dead network and a broken configuration as with none of it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nanoclaw-status-"));
  // It takes a connection and never says a word: gateway, proxy and model server in one.
  using deaf = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  try {
    const whole = await prepare(folder, "whole", "{}");
    const dead = `http://127.0.0.1:${deaf.port}`;
    const broken = await prepare(folder, "broken", "{ providers: nonsense", {
      ...{ HTTP_PROXY: dead, HTTPS_PROXY: dead, ALL_PROXY: dead, http_proxy: dead, https_proxy: dead },
      OPENAI_API_KEY: "sk-of-nobody",
    });
    using _gateway = Bun.listen({ unix: join(broken.home, "gateway.sock"), socket: { data: () => {} } });
    await writeFile(join(broken.home, "gateway.pid"), "999999\n");
    const silent = await prepare(
      folder,
      "silent",
      JSON.stringify({ providers: { openai: { apiBase: `${dead}/v1`, apiKey: "sk-of-nobody" } } }),
    );
    const times = await measure({ whole, broken, silent });
    const best = (name: string): number => Math.min(...(times.get(name) ?? []));
    for (const name of ["broken", "silent"]) {
      expect(best(name) / best("whole")).toBeLessThan(mostTimes);
      expect(best(name)).toBeLessThan(mostMs);
    }
    expect((await status(broken)).text).toContain("cannot be read");
    expect((await status(silent)).text).toContain("← in use");
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

async function prepare(
  folder: string,
  name: string,
  config: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const home = join(folder, name);
  await mkdir(home, { mode: 0o700 });
  await writeFile(join(home, "config.json"), config, { mode: 0o600 });
  return { home, env: { PATH: "/usr/bin:/bin", HOME: folder, NANOCLAW_HOME: home, ...env } };
}

/** In turns, so that what else runs on the machine meets all of them. */
async function measure(places: Readonly<Record<string, Place>>): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, place] of Object.entries(places)) {
      const { ms } = await status(place);
      times.set(name, [...(times.get(name) ?? []), ms]);
    }
  }
  return times;
}

async function status({ env, home }: Place): Promise<{ readonly text: string; readonly ms: number }> {
  const start = performance.now();
  await using child = Bun.spawn([...program, "status"], {
    ...{ cwd: home, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  });
  const [text, code] = await Promise.all([child.stdout.text(), child.exited]);
  expect(code).toBe(0);
  return { text, ms: performance.now() - start };
}
