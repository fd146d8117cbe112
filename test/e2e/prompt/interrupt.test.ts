import { expect, test } from "bun:test";
import type { Turn } from "../../fakes/llm-turn.ts";
import { program, ProgramBench, shell } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

const controlC = "\u0003";
const controlD = "\u0004";
const controlR = "\u0012";

/** Runs the program and says afterwards how it ended and in what state it left the terminal. */
const watcher =
  '"$@"; echo "ended $?"; stty -a | grep -o -e "-*icanon" -e "-*echo "; stty -a | grep -o -e "-*isig"';

interface Moment {
  readonly name: string;
  /** What the model answers after the turns that come first. */
  readonly answers?: readonly Turn[];
  /** Leads to the moment. */
  readonly reach: (terminal: PseudoTerminal, asked: Promise<void>) => Promise<void>;
  /** What stands there after Ctrl-C. */
  readonly after: string;
}

const slow: Turn = { text: "word ".repeat(2000), deltaSize: 5, delayMs: 20 };

const moments: readonly Moment[] = [
  { name: "idle", reach: async () => {}, after: "(Ctrl-C again leaves)" },
  {
    name: "typing",
    reach: async (terminal) => {
      terminal.type("half a thou");
      await terminal.waitFor("you> half a thou");
    },
    after: "you>",
  },
  {
    name: "streaming",
    answers: [slow],
    reach: async (terminal) => {
      terminal.type("go\r");
      await terminal.waitFor("word word");
    },
    after: "Stopped.",
  },
  {
    name: "waiting for the model",
    answers: [{ fault: { type: "silence" } }],
    reach: async (terminal) => {
      terminal.type("go\r");
      await terminal.waitFor("Thinking");
    },
    after: "Stopped.",
  },
  {
    name: "a tool runs",
    answers: [{ text: "Working.", calls: [shell("echo up; sleep 600")] }],
    reach: async (terminal) => {
      terminal.type("go\r");
      await terminal.waitFor("sleep 600");
    },
    after: "Stopped.",
  },
  {
    name: "a message waits for the next step",
    answers: [{ text: "Working.", calls: [shell("echo up; sleep 600")] }],
    reach: async (terminal) => {
      terminal.type("go\r");
      await terminal.waitFor("sleep 600");
      terminal.type("and this\r");
      await terminal.waitFor("goes along");
    },
    after: "Stopped.",
  },
  {
    name: "a command of one's own runs",
    reach: async (terminal) => {
      terminal.type("!echo up; sleep 600\r");
      await terminal.waitFor("· up");
    },
    after: "Stopped.",
  },
  {
    name: "searching",
    reach: async (terminal) => {
      terminal.type(`${controlR}tw`);
      await terminal.waitFor('search "tw": two');
    },
    after: "you>",
  },
  {
    name: "completing",
    reach: async (terminal) => {
      terminal.type("/s\t");
      await terminal.waitFor("you> /sessions");
    },
    after: "you>",
  },
  {
    name: "changing the last message",
    reach: async (terminal) => {
      terminal.type("/edit\r");
      await terminal.waitFor("edit> two");
    },
    after: "you>",
  },
  {
    name: "summing up",
    answers: [slow],
    reach: async (terminal, asked) => {
      terminal.type("/compact\r");
      await terminal.waitFor("Summing up");
      await asked;
    },
    after: "Stopped.",
  },
  {
    name: "asked about a file",
    reach: async (terminal) => {
      terminal.type("/export\r");
      await terminal.waitFor("Written to");
      await terminal.waitForPrompt();
      terminal.type("/export\r");
      await terminal.waitFor("Write over it?");
    },
    after: "Stopped.",
  },
];

interface Bench {
  readonly bench: ProgramBench;
  readonly terminal: PseudoTerminal;
  /** The model was asked once more than in the turns that come first. */
  readonly asked: Promise<void>;
}

async function open(answers: readonly Turn[]): Promise<Bench> {
  const said = ["one", "two"];
  const turns = [...said.map((text) => ({ text: `It is ${text}.` })), ...answers, { text: "Still here." }];
  const asked = Promise.withResolvers<void>();
  let count = 0;
  const bench = await ProgramBench.open({
    script: () => {
      count += 1;
      if (count > said.length) asked.resolve();
      return turns[count - 1] ?? { text: "Too much." };
    },
  });
  const terminal = new PseudoTerminal(["bash", "-c", watcher, "bash", ...program], {
    cwd: bench.home,
    env: bench.env,
  });
  await terminal.waitForPrompt();
  for (const text of said) {
    terminal.type(`${text}\r`);
    await terminal.waitFor(`It is ${text}.`);
    await terminal.waitForPrompt();
  }
  return { bench, terminal, asked: asked.promise };
}

function expectSane(bench: ProgramBench, terminal: PseudoTerminal): void {
  expect(bench.query("SELECT count(*) AS running FROM turns WHERE state = 'running'")).toEqual([
    { running: 0 },
  ]);
  expect(bench.query("SELECT count(*) AS held FROM leases WHERE pid IS NOT NULL")).toEqual([{ held: 0 }]);
  expect(bench.query("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  expect(bench.query("SELECT count(*) AS summaries FROM entries WHERE kind = 'summary'")).toEqual([
    { summaries: 0 },
  ]);
  expect(bench.query("SELECT count(*) AS replaced FROM turns WHERE replaced_by IS NOT NULL")).toEqual([
    { replaced: 0 },
  ]);
  // Whatever it was set to, it was put back.
  expect(terminal.output.lastIndexOf("\u001b[?2004l")).toBeGreaterThan(
    terminal.output.lastIndexOf("\u001b[?2004h"),
  );
}

test.each(moments)(
  "Ctrl-C when $name: the talk goes on",
  async ({ answers = [], reach, after }) => {
    const { bench, terminal, asked } = await open(answers);
    await using _bench = bench;
    await using _terminal = terminal;
    await reach(terminal, asked);
    const began = performance.now();
    terminal.type(controlC);
    await terminal.waitFor(after);
    await terminal.waitForPrompt();
    expect(performance.now() - began).toBeLessThan(2000);
    terminal.type("are you there?\r");
    await terminal.waitFor("Still here.");
    await terminal.waitForPrompt();
    terminal.type(controlD);
    await terminal.waitFor("ended 0\nicanon\necho\nisig");
    await terminal.process.exited;
    expectSane(bench, terminal);
  },
  20_000,
);

test.each(moments)(
  "Ctrl-C again and again when $name: it leaves, and all is as it was",
  async ({ answers = [], reach }) => {
    const { bench, terminal, asked } = await open(answers);
    await using _bench = bench;
    await using _terminal = terminal;
    await reach(terminal, asked);
    terminal.type(controlC);
    terminal.type(controlC);
    terminal.type(controlC);
    await terminal.waitFor("ended 0\nicanon\necho\nisig");
    await terminal.process.exited;
    expectSane(bench, terminal);
  },
  20_000,
);

test.each(moments.filter(({ after }) => after === "Stopped."))(
  "SIGTERM when $name leaves terminal and store as they were",
  async ({ answers = [], reach }) => {
    const { bench, terminal, asked } = await open(answers);
    await using _bench = bench;
    await using _terminal = terminal;
    await reach(terminal, asked);
    const children = await Bun.file(
      `/proc/${terminal.process.pid}/task/${terminal.process.pid}/children`,
    ).text();
    process.kill(Number(children.trim().split(" ")[0]), "SIGTERM");
    await terminal.waitFor("ended 143\nicanon\necho\nisig");
    await terminal.process.exited;
    expectSane(bench, terminal);
  },
  20_000,
);
