import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ProgramBench } from "../fakes/program-bench.ts";

let bench: ProgramBench;

beforeAll(async () => {
  bench = await ProgramBench.open({ script: () => ({ text: "Hello." }), config: { gateway: { port: 0 } } });
});

afterAll(async () => {
  await service("stop");
  // What the restore put aside holds the key, as it should.
  await rm(join(bench.state, "backups"), { recursive: true, force: true });
  await bench[Symbol.asyncDispose]();
});

async function service(verb: string, ...more: readonly string[]) {
  return await bench.run(["service", verb, "--manager", "background", ...more]);
}

interface Status {
  readonly isRunning: boolean;
  readonly pid: number;
}

async function readStatus(): Promise<Status> {
  return JSON.parse((await service("status", "--json")).out);
}

async function findings(...more: readonly string[]): Promise<readonly (string | undefined)[]> {
  const { out } = await bench.run(["doctor", "--json", ...more]);
  const report: { findings: { check: string; state: string; key?: string }[] } = JSON.parse(out);
  return report.findings.filter(({ check }) => check === "gateway").map(({ state, key }) => key ?? state);
}

test("the real gateway is installed, answers through, logs, is looked at, and is stopped within its time", async () => {
  expect(await service("install")).toMatchObject({
    code: 0,
    out: expect.stringContaining("runs as a service"),
  });
  const { isRunning, pid } = await readStatus();
  expect(isRunning).toBe(true);
  expect(await bench.ask("hi")).toMatchObject({ code: 0, out: "Hello.\n" });
  expect(await findings()).toEqual(["ok"]);
  expect((await bench.run(["logs"])).out).toContain("gateway serves");
  // Started by the service, and not by this test's own process: a second start changes nothing.
  await service("start");
  expect((await readStatus()).pid).toBe(pid);
  expect(await bench.run(["restore", "--yes", join(bench.root, "none.db")])).toMatchObject({ code: 1 });
  const began = performance.now();
  expect((await service("stop")).code).toBe(0);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect((await readStatus()).isRunning).toBe(false);
  expect((await bench.run(["logs"])).out).toContain("gateway stops");
});

test("a backup is made while the gateway runs, and a restore waits for its end by refusing", async () => {
  await service("start");
  const path = join(bench.root, "live.tar");
  expect(await bench.run(["backup", path])).toMatchObject({ code: 0 });
  const { pid } = await readStatus();
  const refused = await bench.run(["restore", "--yes", path]);
  expect(refused.err).toContain(`Process ${pid} is using NanoClaw`);
  await service("stop");
  expect(await bench.run(["restore", "--yes", path])).toMatchObject({ code: 0 });
});

test("what a killed gateway leaves is found by the doctor, and taken away by --fix", async () => {
  await service("start");
  const { pid } = await readStatus();
  process.kill(pid, "SIGKILL");
  const isGone = async (): Promise<boolean> =>
    await readFile(`/proc/${pid}/stat`, "utf8").then(
      (text) => text.includes(") Z "),
      () => true,
    );
  for (let tries = 0; tries < 200 && !(await isGone()); tries++) await Bun.sleep(10);
  expect(await findings()).toEqual(["doctor.staleGateway", "doctor.staleFile"]);
  expect(await findings("--fix")).toEqual(["ok"]);
  expect(await service("start")).toMatchObject({ code: 0 });
  expect(await findings()).toEqual(["ok"]);
});
