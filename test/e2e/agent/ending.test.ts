import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { parseEvents, program, ProgramBench, shell, wires } from "../../fakes/program-bench.ts";
import { findCommands, readProcessGroup, waitForNoProcess } from "../../fakes/processes.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const withinMs = 1000;

/** A number of seconds that stands in no other command line of this machine. */
function toLongSleep(): string {
  return `sleep 300.${Math.random().toString().slice(2, 12)}`;
}

async function waitForCommands(marker: string): Promise<readonly number[]> {
  for (;;) {
    const found = findCommands(marker);
    if (found.length > 0) return found;
    await Bun.sleep(2);
  }
}

describe("exit codes", () => {
  test("0 for an answer, 1 for none, 2 for a mistake on the command line", async () => {
    await using bench = await ProgramBench.open({
      script: [{ text: "ok" }, { fault: { type: "status", status: 400, message: "no" } }],
    });
    expect((await bench.ask("hi")).code).toBe(0);
    expect(await bench.ask("hi")).toMatchObject({ out: "", code: 1 });
    for (const argv of [["agent", "--nonsense"], ["agetn"], ["agent", "-m", ""], ["groups"]]) {
      expect(await bench.run(argv)).toMatchObject({ out: "", code: 2 });
    }
    expect(bench.requests).toHaveLength(2);
  });
});

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s", (signal, code) => {
  test.each(wires)(
    "in the middle of an answer over the %s wire hangs up and ends with its code",
    async (wire) => {
      await using bench = await ProgramBench.open({
        wire,
        script: [{ text: "word ".repeat(400), deltaSize: 5, delayMs: 20 }],
      });
      const running = bench.start(["agent", "--json", "-m", "Write"]);
      await running.waitForOut('"text-delta"');
      const began = performance.now();
      running.kill(signal);
      const [ran] = await Promise.all([running.ended, bench.server.nextCancel()]);
      expect(performance.now() - began).toBeLessThan(withinMs);
      expect([ran.code, ran.err]).toEqual([code, ""]);
      const end = parseEvents(ran.out).at(-1);
      expect(end).toMatchObject({ type: "turn-end", reason: "aborted" });
      // What was seen of it is kept.
      expect(bench.query("SELECT state, text LIKE 'word %' AS kept FROM turns")).toEqual([
        { state: "aborted", kept: 1 },
      ]);
    },
  );

  test("in the middle of a command ends it and all its children", async () => {
    const sleep = toLongSleep();
    await using bench = await ProgramBench.open({
      script: [
        { calls: [shell(`trap '' TERM INT HUP; ${sleep} & (setsid ${sleep} &) ; echo up; wait`)] },
        { text: "Next." },
      ],
    });
    const running = bench.start(["agent", "--json", "-m", "Wait"]);
    await running.waitForOut('"tool-progress"');
    const began = performance.now();
    running.kill(signal);
    const ran = await running.ended;
    expect(performance.now() - began).toBeLessThan(withinMs);
    expect([ran.code, ran.err]).toEqual([code, ""]);
    expect(await waitForNoProcess(sleep, 500)).toEqual([]);
    // The call has its result, so the next turn is well formed.
    expect(await bench.ask("And?")).toEqual({ out: "Next.\n", err: "", code: 0 });
  });
});

test("a signal while the model is silent ends it at once", async () => {
  await using bench = await ProgramBench.open({ script: [{ fault: { type: "silence" } }] });
  const running = bench.start(["agent", "--json", "-m", "Hello?"]);
  await running.waitForOut('"step-start"');
  const began = performance.now();
  running.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
  expect(performance.now() - began).toBeLessThan(withinMs);
});

test("a signal between two tries ends it at once", async () => {
  await using bench = await ProgramBench.open({
    script: () => ({ fault: { type: "status", status: 429, headers: { "retry-after": "50" } } }),
  });
  const running = bench.start(["agent", "--json", "-m", "Hello?"]);
  await running.waitForOut('"retry"');
  const began = performance.now();
  running.kill("SIGINT");
  expect((await running.ended).code).toBe(130);
  expect(performance.now() - began).toBeLessThan(withinMs);
});

test("Ctrl-C in a terminal reaches no half of a sandbox alone, and all of it ends", async () => {
  const sleep = toLongSleep();
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell(`echo up; ${sleep}`)] }, { text: "Next." }],
  });
  await using terminal = new PseudoTerminal([...program, "-m", "Wait"], {
    cwd: bench.home,
    env: bench.env,
    patienceMs: 20_000,
  });
  await terminal.waitFor("up");
  const built = await waitForCommands(sleep);
  // Whose whole group the terminal would signal: one that dies while it is being built leaves its other half behind.
  const { pid } = terminal.process;
  expect(built.filter((each) => readProcessGroup(each) === readProcessGroup(pid))).toEqual([]);
  const began = performance.now();
  terminal.type("\u0003");
  expect(await terminal.process.exited).toBe(130);
  expect(performance.now() - began).toBeLessThan(withinMs);
  expect(await waitForNoProcess(sleep, withinMs)).toEqual([]);
  expect(bench.query("SELECT state FROM turns")).toEqual([{ state: "aborted" }]);
  expect(await bench.ask("And?")).toMatchObject({ out: "Next.\n", code: 0 });
});

test("a second signal ends it without waiting for anything, and nothing is left", async () => {
  const sleep = toLongSleep();
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell(`echo up; ${sleep}`)] }, { text: "Next." }],
  });
  const running = bench.start(["agent", "--json", "-m", "Wait"]);
  await running.waitForOut('"tool-progress"');
  running.kill("SIGINT");
  running.kill("SIGTERM");
  expect([130, 143]).toContain((await running.ended).code);
  expect(await waitForNoProcess(sleep, withinMs)).toEqual([]);
  expect(await bench.ask("And?")).toMatchObject({ out: "Next.\n", code: 0 });
});

test("killed outright, it leaves no process of the command behind", async () => {
  const sleep = toLongSleep();
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell(`(setsid ${sleep} &); echo up; ${sleep}`)] }, { text: "Next." }],
  });
  const running = bench.start(["agent", "--json", "-m", "Wait"]);
  await running.waitForOut('"tool-progress"');
  running.kill("SIGKILL");
  await running.ended;
  expect(await waitForNoProcess(sleep, withinMs)).toEqual([]);
  expect(await bench.ask("And?")).toMatchObject({ out: "Next.\n", code: 0 });
});

test("a background command ends with the program", async () => {
  const sleep = toLongSleep();
  await using bench = await ProgramBench.open({
    script: [{ calls: [shell(sleep, { background: true })] }, { text: "It runs." }],
  });
  expect(await bench.ask("Go")).toMatchObject({ out: "It runs.\n", code: 0 });
  expect(await waitForNoProcess(sleep, 0)).toEqual([]);
});

describe("a reader that leaves", () => {
  const pipe = (line: string): string[] => ["bash", "-c", line, "bash", ...program];

  test("ends the turn without a word, and hangs up on the model", async () => {
    await using bench = await ProgramBench.open({
      script: [{ text: "word ".repeat(400), deltaSize: 5, delayMs: 20 }],
    });
    const line = '"$@" --json -m Write | head -n 4 >/dev/null; echo "${PIPESTATUS[0]}"';
    const running = bench.start([], { program: pipe(line) });
    const [ran] = await Promise.all([running.ended, bench.server.nextCancel()]);
    expect(ran).toEqual({ out: "0\n", err: "", code: 0 });
  });

  test("before the answer harms nothing: it is kept", async () => {
    await using bench = await ProgramBench.open({ script: [{ text: "Here." }] });
    const line = '"$@" -m Write | true; echo "${PIPESTATUS[0]}"';
    const ran = await bench.run([], { program: pipe(line) });
    expect(ran).toEqual({ out: "0\n", err: "", code: 0 });
    expect(bench.query("SELECT state, text FROM turns")).toEqual([{ state: "done", text: "Here." }]);
  });
});
