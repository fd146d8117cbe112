import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

const program = [
  process.execPath,
  "--no-env-file",
  "--config=/dev/null",
  join(import.meta.dir, "../fakes/program.ts"),
];

const up = "\u001b[A";
const controlC = "\u0003";
const controlD = "\u0004";
const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prompt-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly history?: string;
  readonly args?: readonly string[];
}

function open({ env = {}, history = "history", args = [] }: Options = {}): PseudoTerminal {
  const variables = { ...env, FAKE_HISTORY: join(folder, history) };
  return new PseudoTerminal([...program, ...args], { cwd: folder, env: variables });
}

test("a question is answered, a tool has its line, Ctrl-D leaves", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("tool x\r");
  await terminal.waitFor("I will test it.\n  $ npm test · 12.4 s · exit 1\n    1 failed\nran it: x");
  await terminal.waitForPrompt();
  terminal.type(controlD);
  expect(await terminal.process.exited).toBe(0);
});

test.each(["exit", "QUIT", "/exit", "/quit", ":q"])("%s leaves", async (word) => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type(`${word}\r`);
  expect(await terminal.process.exited).toBe(0);
});

test("as claw it prompts with its own name", async () => {
  await using terminal = open({ env: { NANOCLAW_NAME: "claw" } });
  await terminal.waitForPrompt("claw>");
});

test("what was entered is there in the next session, for its owner only", async () => {
  {
    await using terminal = open({ history: "kept" });
    await terminal.waitForPrompt();
    terminal.type("größer als 日本\r");
    await terminal.waitFor("you said: größer als 日本");
    terminal.type(controlD);
    await terminal.process.exited;
  }
  await using terminal = open({ history: "kept" });
  await terminal.waitForPrompt();
  terminal.type(up);
  await terminal.waitFor("you> größer als 日本");
  expect(await readFile(join(folder, "kept"), "utf8")).toBe('"größer als 日本"\n');
});

test("pasted lines are one message", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type(pasted("first\nsecond\n\tthird"));
  await terminal.waitFor("    third");
  terminal.type("\r");
  await terminal.waitFor("you said: first\nsecond");
});

test("Ctrl-C stops the turn and stays; twice it leaves", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("slow work\r");
  await terminal.waitFor("Let me think");
  terminal.type(controlC);
  await terminal.waitFor("Stopped.");
  await terminal.waitForPrompt();
  terminal.type("still here\r");
  await terminal.waitFor("you said: still here");
  await terminal.waitForPrompt();
  terminal.type(controlC);
  await terminal.waitFor("(Ctrl-C again leaves)");
  terminal.type(controlC);
  expect(await terminal.process.exited).toBe(0);
});

test("what is typed during a turn waits for its end; /stop and /status do not", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("slow work\r");
  await terminal.waitFor("Let me think");
  terminal.type("/status\r");
  await terminal.waitFor("model    fake-1");
  terminal.type("/stop\r");
  await terminal.waitFor("Stopped.");
  terminal.type("slow again\r");
  await terminal.waitFor("Let me think");
  terminal.type(controlC);
  terminal.type("tool one\rnext question\r");
  await terminal.waitFor("you said: next question");
});

test("/model, /new and /help work, a mistyped command names the nearest", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("/model fake-2\r/model\r");
  await terminal.waitFor("The model is fake-2.");
  terminal.type("/model gpt\r");
  await terminal.waitFor('nanoclaw: Unknown model "gpt".');
  terminal.type("/nwe\r");
  await terminal.waitFor("Did you mean /new?");
  terminal.type("/new\r");
  await terminal.waitFor("A new conversation.");
  terminal.type("/help\r");
  await terminal.waitFor("/quit");
});

test("a failed turn is told and the prompt goes on", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("fail\r");
  await terminal.waitFor("half an ans\nnanoclaw: The connection was cut.\nTry again.");
  await terminal.waitForPrompt();
  terminal.type("bug\r");
  await terminal.waitFor("Something went wrong");
  await terminal.waitForPrompt();
});

test("a new size of the window loses nothing", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type("abc");
  await terminal.waitFor("you> abc");
  terminal.resize(30, 10);
  terminal.type("def\r");
  await terminal.waitFor("you said: abcdef");
});

test("no sequence of the model reaches the terminal", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type(`raw ${JSON.stringify("a\u001b]52;c;aGk=\u0007b\u009b2J")}\r`);
  await terminal.waitFor("a␛]52;c;aGk=␇b<U+009B>2J");
  expect(terminal.output).not.toContain("\u001b]");
});

test("with NO_COLOR there is no colour, and an answer is laid out all the same", async () => {
  await using terminal = open({ env: { NO_COLOR: "1" } });
  await terminal.waitForPrompt();
  terminal.type("tool **x**\r");
  await terminal.waitFor("ran it: x");
  await terminal.waitForPrompt();
  const answer = "| name | says |\n|---|---|\n| `a` | *b* |\n\n```js\nconst x = 1;\n```";
  terminal.type(`raw ${JSON.stringify(answer)}\r`);
  await terminal.waitFor("────");
  await terminal.waitForPrompt();
  const codes = [...terminal.output.matchAll(/\[([\d;]*)m/g)].flatMap(([, code = ""]) => code.split(";"));
  expect([...new Set(codes)].toSorted()).toEqual(["0", "1", "2", "3"]);
});

test("a terminal that can do nothing gets lines and no sequences", async () => {
  await using terminal = open({ env: { TERM: "dumb" } });
  await terminal.waitFor("you>");
  terminal.type("hello\n");
  await terminal.waitFor("you said: hello");
  expect(terminal.output).not.toContain("\u001b");
  terminal.type(controlD);
  expect(await terminal.process.exited).toBe(0);
});

test.each([
  ["Ctrl-D", controlD, 0],
  ["SIGTERM", undefined, 143],
] as const)("after %s the terminal is as it was", async (_name, typed, code) => {
  const script = '"$@"; echo "ended $?"; stty -a | grep -o -e "-*icanon" -e "-*echo "';
  await using terminal = new PseudoTerminal(["bash", "-c", script, "bash", ...program], {
    cwd: folder,
    env: { FAKE_HISTORY: join(folder, "restored") },
  });
  await terminal.waitForPrompt();
  if (typed === undefined) process.kill(await findChild(terminal.process.pid), "SIGTERM");
  else terminal.type(typed);
  await terminal.waitFor(`ended ${code}\nicanon\necho`);
  expect(terminal.output).toContain("\u001b[?2004l");
});

test("Ctrl-Z gives the shell back, fg brings the prompt with what was being written", async () => {
  await using terminal = new PseudoTerminal(["bash", "--norc", "-i"], {
    cwd: folder,
    env: { PS1: "SHELL> ", FAKE_HISTORY: join(folder, "suspended") },
  });
  terminal.type(`${program.join(" ")}\r`);
  await terminal.waitForPrompt();
  terminal.type("abc");
  await terminal.waitFor("you> abc");
  terminal.type("\u001a");
  await terminal.waitFor("Stopped");
  terminal.type("fg\r");
  await terminal.waitFor("you> abc");
  terminal.type("d\r");
  await terminal.waitFor("you said: abcd");
});

test.each([
  ["r", "(read)"],
  ["W", "(write)"],
  ["n", "nothing"],
  ["\r", "nothing"],
])("the question about the folder takes %j as an answer, and the prompt follows", async (key, shared) => {
  await using terminal = open({ env: { FAKE_ASK: "1" } });
  await terminal.waitFor("[r]ead · [w]rite · [n]o");
  terminal.type(key);
  await terminal.waitForPrompt();
  terminal.type("/status\r");
  await terminal.waitFor(shared);
});

test("what was typed or pasted before the question does not answer it", async () => {
  await using terminal = open({ env: { FAKE_ASK: "1" } });
  await terminal.waitFor("[n]o");
  terminal.type(`${pasted("w")}write a poem\r`);
  await terminal.waitForPrompt();
  terminal.type("/status\r");
  await terminal.waitFor("nothing");
});

test("Ctrl-C at the question leaves, and asks for no message", async () => {
  await using terminal = open({ env: { FAKE_ASK: "1" }, args: ["-m", "hi"] });
  await terminal.waitFor("[n]o");
  terminal.type(controlC);
  expect(await terminal.process.exited).toBe(130);
  expect(terminal.screen).not.toContain("you said");
});

test("what was asked before Ctrl-D is still answered", async () => {
  await using terminal = open();
  await terminal.waitForPrompt();
  terminal.type(`tool one\r${controlD}`);
  expect(await terminal.process.exited).toBe(0);
  expect(terminal.screen).toContain("ran it: one");
});

test("in a terminal one message streams its answer and ends", async () => {
  await using terminal = open({ args: ["-m", "tool x"] });
  expect(await terminal.process.exited).toBe(0);
  expect(terminal.screen.trimEnd()).toBe(
    "I will test it.\n  $ npm test · 12.4 s · exit 1\n    1 failed\nran it: x",
  );
});

test("in a terminal Ctrl-C ends one message with 130", async () => {
  await using terminal = open({ args: ["-m", "slow x"] });
  await terminal.waitFor("Let me think");
  terminal.type(controlC);
  expect(await terminal.process.exited).toBe(130);
});

async function findChild(parent: number): Promise<number> {
  const children = await Bun.file(`/proc/${parent}/task/${parent}/children`).text();
  return Number(children.trim().split(" ")[0]);
}
