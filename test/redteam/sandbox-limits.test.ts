import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { findPlaces } from "../../src/sandbox/bubblewrap/control-groups.ts";
import { createBubblewrap } from "../../src/sandbox/bubblewrap/runtime.ts";
import { defaultLimits, type SandboxLimits } from "../../src/sandbox/limits.ts";
import type { SandboxExit } from "../../src/sandbox/sandbox.ts";
import { SandboxBench, shell } from "../fakes/sandbox-bench.ts";
import { createWeakBubblewrap } from "../fakes/weak-bubblewrap.ts";

const mega = 1024 * 1024;
const here = findPlaces({ root: "" });
const folders = [...new Set(Object.values(here).map(({ folder }) => folder))];

let bench: SandboxBench;
let emptyRoot: string;
beforeAll(async () => {
  bench = await SandboxBench.create(createBubblewrap());
  emptyRoot = mkdtempSync(join(bench.root, "kernel-"));
});
afterAll(() => bench[Symbol.asyncDispose]());

interface Outcome {
  readonly exit: SandboxExit;
  readonly stdout: string;
  readonly stderr: string;
}

/** What becomes of a line for `sh`; `ways` are all that this machine knows, or rlimits alone. */
async function attack(
  line: string,
  limits: Partial<SandboxLimits>,
  ways: "all" | "rlimits" = "all",
): Promise<Outcome> {
  const runtime = createBubblewrap(ways === "all" ? {} : { kernelRoot: emptyRoot });
  const spec = { ...(await bench.group("limited")), limits: { ...defaultLimits, ...limits } };
  await using sandbox = await runtime.open(spec);
  const call = await sandbox.spawn(["sh", "-c", line], { signal: AbortSignal.timeout(30_000) });
  const [stdout, stderr, exit] = await Promise.all([
    new Response(call.stdout).text(),
    new Response(call.stderr).text(),
    call.exited,
  ]);
  return { exit, stdout, stderr };
}

const inForce = folders.length > 0 ? (["all", "rlimits"] as const) : (["rlimits"] as const);

describe.each(inForce)("with %s", (ways) => {
  test("memory is limited; with a higher limit the same is had", async () => {
    const line = "head -c 150000000 /dev/zero | tail -c 150000000 | wc -c";
    expect((await attack(line, { memoryBytes: 64 * mega }, ways)).stdout).toBe("0\n");
    expect((await attack(line, { memoryBytes: 512 * mega }, ways)).stdout).toBe("150000000\n");
  });

  test("processes are limited; with a higher limit the same is had", async () => {
    const line = "for i in $(seq 60); do sleep 2 & done 2>/dev/null; echo started";
    expect((await attack(line, { processes: 30 }, ways)).stdout).toBe("");
    expect((await attack(line, { processes: 200 }, ways)).stdout).toBe("started\n");
  });

  test("a file is limited; with a higher limit the same is had", async () => {
    const line = "head -c 3000000 /dev/zero > big 2>/dev/null; stat -c %s big; rm big";
    expect((await attack(line, { fileBytes: mega }, ways)).stdout).toBe(`${mega}\n`);
    expect((await attack(line, { fileBytes: 4 * mega }, ways)).stdout).toBe("3000000\n");
  });

  test("programs that people use start within the default limits", async () => {
    const line = "node -e 'console.log(1)' && python3 -c 'print(2)' && git --version | cut -c1-3";
    expect((await attack(line, {}, ways)).stdout).toBe("1\n2\ngit\n");
  });
});

test("a command that prints without end is ended; with a higher limit the same is had", async () => {
  const line = "head -c 3000000 /dev/zero";
  const { exit } = await attack(line, { outputBytes: mega });
  expect(exit.type).toBe("flooded");
  expect((await attack(line, { outputBytes: 4 * mega })).exit).toMatchObject({ type: "exited", code: 0 });
});

test("a command that runs too long is ended, also when nobody gave it a time", async () => {
  const { exit } = await attack("sleep 60", { commandMs: 200 });
  expect(exit.type).toBe("timed-out");
  expect(exit.durationMs).toBeLessThan(1200);
});

test("the devices are no place to store things; where they may be written to they are", async () => {
  const line = "head -c 1000000 /dev/zero > /dev/store && stat -c %s /dev/store";
  expect((await attack(line, {})).stdout).toBe("");
  const weak = await createWeakBubblewrap(mkdtempSync(join(bench.root, "weak-")), {
    without: "--remount-ro",
    instead: ["--chmod", "0755"],
  });
  await using sandbox = await weak.open(await bench.group("limited"));
  expect((await shell(sandbox, line)).stdout).toBe("1000000\n");
});

test("no command starts on a disk that is nearly full; without the check it does", async () => {
  await expect(attack("true", { freeBytes: 1e18 })).rejects.toMatchObject({ code: "io" });
  expect((await attack("echo ran", { freeBytes: 0 })).stdout).toBe("ran\n");
});

test("more commands at once than allowed are refused, and one that ends gives its place away", async () => {
  const spec = { ...(await bench.group("limited")), limits: { ...defaultLimits, commands: 3 } };
  await using sandbox = await bench.runtime.open(spec);
  const signal = AbortSignal.timeout(30_000);
  const calls = await Promise.all([1, 2, 3].map(() => sandbox.spawn(["sleep", "20"], { signal })));
  await expect(shell(sandbox, "true")).rejects.toMatchObject({ code: "conflict" });
  for (const call of calls) call.kill();
  await Promise.all(calls.map(({ exited }) => exited));
  await Promise.all(
    calls.flatMap((call) => [new Response(call.stdout).text(), new Response(call.stderr).text()]),
  );
  expect((await shell(sandbox, "echo again")).stdout).toBe("again\n");
});

describe.skipIf(folders.length === 0)("control groups", () => {
  const left = () =>
    folders.flatMap((folder) =>
      readdirSync(folder).filter((name) => name.startsWith(`nanoclaw-${process.pid}-`)),
    );

  test("a call has one for all that it starts, and it is gone behind the last", async () => {
    const { stdout } = await attack("sleep 0.1 & cat /proc/self/cgroup", {});
    const [first] = [...stdout.matchAll(/nanoclaw-\d+-[0-9a-f]+/g)].map(([name]) => name);
    expect(first).toStartWith(`nanoclaw-${process.pid}-`);
    expect(left()).toEqual([]);
  });

  test("who runs out of memory is told so", async () => {
    const { exit } = await attack("head -c 150000000 /dev/zero | tail -c 150000000", {
      memoryBytes: 64 * mega,
    });
    expect(exit.hits).toEqual(["memory"]);
    expect((await attack("true", {})).exit.hits).toBeUndefined();
  });

  test("who wants more processes than allowed is told so", async () => {
    const { exit } = await attack("for i in $(seq 60); do sleep 1 & done", { processes: 30 });
    expect(exit.hits).toEqual(["processes"]);
  });

  test("a sandbox takes no more of the processors than allowed; with a higher limit it does", async () => {
    const busy = "timeout 1 sh -c 'while :; do :; done'; times > used; tail -n 1 used";
    const used = (text: string) => Number(/^0m([\d.]+)s/.exec(text)?.[1]);
    const cpuPercent = Math.max(1, Math.round(6 / availableParallelism()));
    const limited = used((await attack(busy, { cpuPercent })).stdout);
    const free = used((await attack(busy, { cpuPercent: 100 })).stdout);
    expect(limited).toBeLessThan(free / 2);
  });

  test("what a killed process left is taken away by the next, once it is old", async () => {
    const [folder = ""] = folders;
    const ended = Bun.spawn(["true"]);
    await ended.exited;
    mkdirSync(join(folder, `nanoclaw-${ended.pid}-0`));
    mkdirSync(join(folder, `nanoclaw-${process.pid}-0`));
    findPlaces({ root: "" });
    expect(readdirSync(folder)).toContain(`nanoclaw-${ended.pid}-0`);
    utimesSync(join(folder, `nanoclaw-${ended.pid}-0`), 1, 1);
    findPlaces({ root: "" });
    expect(readdirSync(folder)).not.toContain(`nanoclaw-${ended.pid}-0`);
    expect(left()).toContain(`nanoclaw-${process.pid}-0`);
    rmdirSync(join(folder, `nanoclaw-${process.pid}-0`));
  });

  test("where one cannot be made after all, nothing runs", async () => {
    const root = await plantVersion2();
    await using sandbox = await createBubblewrap({ kernelRoot: root }).open(await bench.group("limited"));
    await rm(root, { recursive: true });
    await expect(shell(sandbox, "echo ran")).rejects.toMatchObject({ code: "sandbox-failed" });
  });
});

test("version 2 is told the same, in the nearest group above us that may be written and hands the controllers on", async () => {
  const root = await plantVersion2();
  const limits = { ...defaultLimits, memoryBytes: 100 * mega, processes: 50, cpuPercent: 50 };
  const spec = { ...(await bench.group("limited")), limits };
  await using sandbox = await createBubblewrap({ kernelRoot: root }).open(spec);
  const call = await sandbox.spawn(["sleep", "20"], { signal: AbortSignal.timeout(30_000) });
  const slice = join(root, "g/user.slice");
  const name = readdirSync(slice).find((entry) => entry.startsWith("nanoclaw-")) ?? "";
  const read = (file: string) => readFileSync(join(slice, name, file), "utf8");
  expect(read("memory.max")).toBe(String(100 * mega));
  expect(read("pids.max")).toBe("50");
  expect(read("cpu.max")).toBe(`${50_000 * availableParallelism()} 100000`);
  expect(readFileSync(`/proc/${read("cgroup.procs")}/cmdline`, "utf8")).toContain("sleep");
  call.kill();
  await call.exited;
});

/** Our own group holds us, so it hands nothing on; the one above does. Only a kernel would make the files of a new one. */
async function plantVersion2(): Promise<string> {
  const root = mkdtempSync(join(bench.root, "kernel-"));
  await mkdir(join(root, "proc/self"), { recursive: true });
  await mkdir(join(root, "g/user.slice/own.scope"), { recursive: true });
  writeFileSync(join(root, "proc/self/cgroup"), "0::/user.slice/own.scope\n");
  writeFileSync(join(root, "proc/self/mountinfo"), "41 31 0:38 / /g rw - cgroup2 cgroup2 rw\n");
  for (const [path, hands] of [
    ["g", "memory pids cpu"],
    ["g/user.slice", "memory pids cpu"],
    ["g/user.slice/own.scope", ""],
  ] as const) {
    writeFileSync(join(root, path, "cgroup.procs"), "");
    writeFileSync(join(root, path, "cgroup.subtree_control"), `${hands}\n`);
  }
  return root;
}
