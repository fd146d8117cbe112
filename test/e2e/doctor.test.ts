import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench, type RunOptions } from "../fakes/program-bench.ts";

interface Row {
  readonly check: string;
  readonly state: "ok" | "warning" | "problem";
  readonly key?: string;
  readonly message: string;
}

interface Report {
  readonly isWell: boolean;
  readonly repaired: number;
  readonly findings: readonly Row[];
}

async function examine(bench: ProgramBench, argv: readonly string[] = [], options: RunOptions = {}) {
  const { out, code } = await bench.run(["doctor", "--json", ...argv], options);
  const report: Report = JSON.parse(out);
  const problems = report.findings.filter(({ state }) => state === "problem");
  return {
    ...report,
    code,
    problems,
    of: (check: string) => report.findings.find((row) => row.check === check),
  };
}

async function openUsed(): Promise<ProgramBench> {
  const bench = await ProgramBench.open({ script: () => ({ text: "Hello." }) });
  await bench.ask("hi");
  return bench;
}

test.concurrent("a sound installation has a line for each of seventeen checks and ends with 0", async () => {
  await using bench = await openUsed();
  const { code, isWell, findings, problems, of } = await examine(bench);
  expect({ code, isWell, problems }).toEqual({ code: 0, isWell: true, problems: [] });
  expect(new Set(findings.map(({ check }) => check)).size).toBe(17);
  // The key was really shown to the model's server, and stands in no line.
  expect(of("model")?.message).toContain("takes the key");
  expect(bench.requests.length).toBeGreaterThan(0);
});

test.concurrent("looking changes nothing: no folder, no database, no mode", async () => {
  await using bench = await openUsed();
  const fresh = join(bench.root, "fresh");
  await examine(bench, [], { env: { NANOCLAW_HOME: fresh } });
  expect(await readdir(bench.root)).not.toContain("fresh");
  await chmod(join(bench.state, "config.json"), 0o644);
  const { code, problems } = await examine(bench);
  expect(code).toBe(1);
  expect(problems.map(({ key }) => key)).toEqual(["doctor.modeOpen"]);
  expect((await stat(join(bench.state, "config.json"))).mode & 0o777).toBe(0o644);
});

test.concurrent("--fix makes modes private, gives back the lease of a dead process, and leaves the configuration as it is", async () => {
  await using bench = await openUsed();
  const config = join(bench.state, "config.json");
  await chmod(config, 0o644);
  await writeFile(join(bench.state, "gateway.sock"), "");
  const before = await readFile(config, "utf8");
  {
    using database = new Database(join(bench.state, "nanoclaw.db"));
    database.run("UPDATE leases SET pid = 999999, pid_start = '1', boot_id = 'another', taken_at = 1");
  }
  const { code, repaired, problems } = await examine(bench, ["--fix"]);
  expect({ code, repaired, problems }).toEqual({ code: 0, repaired: 3, problems: [] });
  expect((await stat(config)).mode & 0o777).toBe(0o600);
  expect(await readFile(config, "utf8")).toBe(before);
  expect(bench.query("SELECT pid FROM leases")).toEqual([{ pid: null }]);
  expect((await examine(bench, ["--fix"])).repaired).toBe(0);
});

test.concurrent("a configuration that cannot be read is a problem that --fix does not touch, and the rest is looked at all the same", async () => {
  await using bench = await openUsed();
  const config = join(bench.state, "config.json");
  await writeFile(config, '{"agnets": {}}', { mode: 0o600 });
  const { code, of } = await examine(bench, ["--fix"]);
  expect(code).toBe(1);
  expect(of("config")).toMatchObject({ state: "problem", message: expect.stringContaining("agnets") });
  expect(of("database")).toMatchObject({ state: "ok" });
  expect(await readFile(config, "utf8")).toBe('{"agnets": {}}');
});

test.concurrent("a server that does not answer, and one that refuses the key, are problems", async () => {
  await using bench = await openUsed();
  const providers = { anthropic: { apiBase: "http://127.0.0.1:1", apiKey: bench.key } };
  await bench.configure({ providers });
  expect((await examine(bench)).of("model")).toMatchObject({ state: "problem" });
  await bench.configure({ providers: { anthropic: { apiBase: bench.apiBase, apiKey: "sk-ant-wrong" } } });
  expect((await examine(bench)).of("model")).toMatchObject({ state: "problem" });
});

test.concurrent("a server that takes the connection and says nothing costs ten seconds and no more", async () => {
  await using bench = await openUsed();
  using silent = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const apiBase = `http://127.0.0.1:${silent.port}`;
  await bench.configure({ providers: { anthropic: { apiBase, apiKey: bench.key } } });
  const began = performance.now();
  expect((await examine(bench)).of("model")).toMatchObject({ state: "problem" });
  expect(performance.now() - began).toBeLessThan(14_000);
  silent.stop(true);
}, 30_000);

test.concurrent("a damaged database is one finding, and not one for each that would have asked it", async () => {
  await using bench = await openUsed();
  await writeFile(join(bench.state, "nanoclaw.db"), "x".repeat(8192), { mode: 0o600 });
  const { code, problems } = await examine(bench);
  expect(code).toBe(1);
  expect(problems.map(({ check }) => check)).toEqual(["database"]);
});

test.concurrent("for a person it is one sentence a thing, in his language", async () => {
  await using bench = await openUsed();
  const { out } = await bench.run(["doctor"], { env: { NANOCLAW_LANG: "zh" } });
  expect(out).toContain("✓ 主文件夹");
  // No service and no backup yet: that is no damage, and not all is well.
  expect(out).toContain("没有损坏");
  expect(out).not.toContain("一切正常");
});
