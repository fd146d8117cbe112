import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createLog } from "../../src/log.ts";
import { openLogFile, type LogFile } from "../../src/log-file.ts";
import { ProgramBench } from "../fakes/program-bench.ts";

let bench: ProgramBench;
let path = "";

beforeAll(async () => {
  bench = await ProgramBench.open();
  path = join(bench.state, "logs/gateway.log");
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await rm(join(bench.state, "logs"), { recursive: true, force: true });
});

/** Writes as the gateway does. */
function fill(file: LogFile, from: number, to: number, level: "info" | "warn" = "info"): void {
  const log = createLog({
    level: "debug",
    now: () => Date.UTC(2026, 0, 31, 12),
    write: (line) => file.write(line),
  });
  for (let n = from; n < to; n++) log[level]("message routed", { n });
}

test("the last lines are shown for a person, or as they were written", async () => {
  using file = openLogFile({ path });
  fill(file, 0, 100);
  const { out, code } = await bench.run(["logs", "-n", "2"]);
  expect({ out, code }).toEqual({
    out: "2026-01-31 12:00:00 info  message routed n=98\n2026-01-31 12:00:00 info  message routed n=99\n",
    code: 0,
  });
  const lines = (await bench.run(["logs", "--json"])).out.trim().split("\n");
  expect(lines).toHaveLength(50);
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
    time: "2026-01-31T12:00:00.000Z",
    level: "info",
    message: "message routed",
    n: 99,
  });
});

test("a level shows what is as grave and graver, also out of files that were put aside", async () => {
  using file = openLogFile({ path, maxBytes: 2_000 });
  fill(file, 0, 3, "warn");
  fill(file, 3, 60);
  const { out } = await bench.run(["logs", "--level", "warn"]);
  expect(out.match(/n=\d+/g)).toEqual(["n=0", "n=1", "n=2"]);
});

test("a line that would move the cursor does nothing to the terminal", async () => {
  await mkdir(join(bench.state, "logs"), { mode: 0o700 });
  await writeFile(
    path,
    `${JSON.stringify({ level: "info", message: "\u001b[2Jcleared" })}\nno json \u001b[31m\n`,
  );
  const { out } = await bench.run(["logs"]);
  expect(out).not.toContain("\u001b");
  expect(out).toContain("cleared");
  expect(out).toContain("no json");
});

test("without a log it says so, and is no failure", async () => {
  expect(await bench.run(["logs"])).toMatchObject({
    out: "",
    code: 0,
    err: expect.stringContaining("no log yet"),
  });
});

test("following shows each line once and in order, from before the first to behind several rotations; Ctrl-C ends it", async () => {
  const running = bench.start(["logs", "-f", "--json"]);
  // It waits for a log that is not there yet, in a folder that it makes to watch it.
  for (let look = 0; look < 1000 && !existsSync(dirname(path)); look++) await Bun.sleep(10);
  await Bun.sleep(200);
  using file = openLogFile({ path, maxBytes: 4_000, maxFiles: 5 });
  for (let n = 0; n < 400; n++) {
    fill(file, n, n + 1);
    if (n % 10 === 0) await Bun.sleep(5);
  }
  await running.waitForOut('"n":399');
  running.kill("SIGINT");
  const { out, code } = await running.ended;
  expect(code).toBe(130);
  const numbers = out
    .trim()
    .split("\n")
    .map((line): number => JSON.parse(line).n);
  expect(numbers).toEqual(Array.from({ length: 400 }, (_, n) => n));
});

test("following a log that nobody writes takes no time of the processor", async () => {
  using file = openLogFile({ path });
  fill(file, 0, 1);
  const running = bench.start(["logs", "-f"]);
  await running.waitForOut("n=0");
  // What the runtime has to do behind a start is over by then.
  await Bun.sleep(1_000);
  const before = await readTicks(running.pid);
  await Bun.sleep(1_000);
  // A tick is 10 ms: a program that looks every now and then would have some.
  expect((await readTicks(running.pid)) - before).toBeLessThanOrEqual(2);
  running.kill("SIGTERM");
  expect((await running.ended).code).toBe(143);
});

test.each([
  ["logs -f", "sleep 0.3"],
  ["logs -f", "true"],
  ["audit -f", "sleep 0.3"],
  ["groups log main -f", "sleep 0.3"],
  ["groups egress log main -f", "sleep 0.3"],
])(
  "%s ends without a word when its reader (%s) has enough, though nothing more comes",
  async (command, reader) => {
    using file = openLogFile({ path });
    fill(file, 0, 1);
    const under = ["bash", "-c", `"$@" | ${reader}; exit "\${PIPESTATUS[0]}"`, "bash"];
    expect(await bench.run(command.split(" "), { under, longestMs: 5_000 })).toEqual({
      err: "",
      code: 0,
      out: "",
    });
  },
);

test("a file that is followed into keeps what stood in it", async () => {
  using file = openLogFile({ path });
  fill(file, 0, 1);
  const target = join(bench.folder, "out");
  await Bun.write(target, "before\n");
  const running = bench.start(["logs", "-f"], { under: ["sh", "-c", `exec "$@" >> ${target}`, "sh"] });
  const isThere = async (): Promise<boolean> => (await Bun.file(target).text()).includes("n=0");
  while (!(await isThere())) await Bun.sleep(10);
  running.kill("SIGTERM");
  await running.ended;
  expect(await Bun.file(target).text()).toStartWith("before\n");
});

async function readTicks(pid: number): Promise<number> {
  const fields = (await Bun.file(`/proc/${pid}/stat`).text()).split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
