import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

const program = [
  process.execPath,
  "--no-env-file",
  "--config=/dev/null",
  join(import.meta.dir, "../../fakes/program.ts"),
];

const key = {
  up: "\u001b[A",
  down: "\u001b[B",
  left: "\u001b[D",
  home: "\u001b[H",
  end: "\u001b[F",
  wordLeft: "\u001b[1;5D",
  altEnter: "\u001b\r",
  escape: "\u001b",
  backspace: "\u007f",
  controlC: "\u0003",
  controlD: "\u0004",
  controlG: "\u0007",
  controlK: "\u000b",
  controlR: "\u0012",
  controlU: "\u0015",
  controlW: "\u0017",
  controlY: "\u0019",
  shiftTab: "\u001b[Z",
};

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prompt-keys-"));
  await writeFile(join(folder, "history"), ['"make test"', '"git push"', '"two\\nlines"'].join("\n") + "\n");
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function open(history = "own"): Promise<PseudoTerminal> {
  const env = { FAKE_HISTORY: join(folder, history) };
  // What was typed is read from its echo: it must stand there as it was written.
  const terminal = new PseudoTerminal([...program, "--no-markdown"], { cwd: folder, env });
  await terminal.waitForPrompt();
  return terminal;
}

/** Types, enters, and says what arrived as the message. */
async function send(terminal: PseudoTerminal, ...keys: readonly string[]): Promise<string> {
  terminal.type(`${keys.join("")}${key.end}<\r`);
  await terminal.waitUntil("the answer", () => /you said: [^]*<\nyou>$/.test(terminal.screen));
  return (
    /you said: ([^]*)<\nyou>$/.exec(terminal.screen.slice(terminal.screen.lastIndexOf("you said:")))?.[1] ??
    ""
  );
}

test.each([
  [
    "Ctrl-W cuts a word, Ctrl-Y puts it back",
    ["one two", key.controlW, "three ", key.controlY],
    "one three two",
  ],
  ["Ctrl-U cuts to the start", ["one two", key.wordLeft, key.controlU], "two"],
  ["Ctrl-K cuts to the end", ["one two", key.wordLeft, key.controlK, "2"], "one 2"],
  ["Home and End", ["bc", key.home, "a", key.end, "d"], "abcd"],
  ["a backslash at the end", ["one\\\r", "two"], "one\ntwo"],
  ["Alt-Enter", ["one", key.altEnter, "two"], "one\ntwo"],
  ["up and down through lines", ["ab\\\rcd", key.up, "x", key.down, "y"], "abx\ncdy"],
  ["a family is one character", ["a👩‍👩‍👧‍👦b", key.left, key.backspace], "ab"],
  ["a combining mark goes with its letter", ["e\u0301x", key.left, key.backspace], "x"],
  ["wide characters", ["日本語", key.left, key.backspace], "日語"],
  ["a flag is one character", ["🇩🇪🇫🇷", key.backspace], "🇩🇪"],
  ["right to left", ["שלום", key.left, key.left, key.backspace], "שום"],
])("%s", async (_name, keys, expected) => {
  await using terminal = await open();
  expect(await send(terminal, ...keys)).toBe(expected);
});

test("a paste of many lines stays together, tabs and all", async () => {
  await using terminal = await open();
  expect(await send(terminal, "\u001b[200~a\r\nx\tb\nc\u001b[201~")).toMatch(/^a\nx +b\nc$/);
});

test("Ctrl-R searches what was written before, and Enter enters it", async () => {
  await using terminal = await open("history");
  terminal.type(`${key.controlR}gi`);
  await terminal.waitFor('search "gi": git push');
  terminal.type("zz");
  await terminal.waitFor('not found "gizz":');
  terminal.type(`${key.backspace}${key.backspace}\r`);
  await terminal.waitFor("you said: git push");
});

test("in a search Ctrl-C and Escape only leave it", async () => {
  await using terminal = await open("history");
  terminal.type(`draft${key.controlR}ma`);
  await terminal.waitFor('search "ma": make test');
  terminal.type(key.controlC);
  await terminal.waitUntil("the draft", () => terminal.screen.endsWith("you> draft"));
  terminal.type(`${key.controlR}ma`);
  await terminal.waitFor('search "ma": make test');
  terminal.type(key.escape);
  await terminal.waitUntil("the entry", () => terminal.screen.endsWith("you> make test"));
  expect(terminal.screen).not.toContain("again leaves");
});

test("a slash shows what fits, Tab completes it and goes through it", async () => {
  await using terminal = await open();
  terminal.type("/st");
  await terminal.waitFor("/status /stop");
  terminal.type("\t");
  await terminal.waitFor("you> /status\n");
  terminal.type("\t");
  await terminal.waitFor("you> /stop\n");
  terminal.type(key.shiftTab);
  await terminal.waitFor("you> /status\n");
  terminal.type("\r");
  await terminal.waitFor("model    fake-1");
});

test("Escape takes a completion back", async () => {
  await using terminal = await open();
  terminal.type("/st\t");
  await terminal.waitFor("you> /status\n");
  terminal.type(key.escape);
  await terminal.waitFor("you> /st\n");
});

test("a model is completed and listed", async () => {
  await using terminal = await open();
  terminal.type("/model\r");
  await terminal.waitFor("fake-2  Fake");
  await terminal.waitForPrompt();
  terminal.type("/model f\t");
  await terminal.waitFor("you> /model fake-\n");
  terminal.type("\t");
  await terminal.waitFor("you> /model fake-1\n");
  terminal.type("\t\r");
  await terminal.waitFor("The model is fake-2.");
});

test("up on an empty line brings the last message back", async () => {
  await using terminal = await open();
  expect(await send(terminal, "first")).toBe("first");
  terminal.type(key.up);
  await terminal.waitFor("you> first<");
});

test("what a conversation cannot do is said in a sentence", async () => {
  await using terminal = await open();
  for (const [typed, said] of [
    ["/compact", "/compact can't be used"],
    ["/retry", "There is no last message"],
    ["!ls", "! can't be used"],
    ["/login", "nanoclaw onboard"],
  ] as const) {
    if (typed === "/login") continue;
    terminal.type(`${typed}\r`);
    await terminal.waitFor(said);
    await terminal.waitForPrompt();
  }
});

test("a window that becomes narrow in the middle of a search or a completion loses nothing", async () => {
  await using terminal = await open("history");
  terminal.type("/st\t");
  await terminal.waitFor("you> /status\n");
  terminal.resize(24, 8);
  terminal.type("\t");
  await terminal.waitFor("you> /stop\n");
  terminal.type(`${key.controlC}${key.controlR}make`);
  await terminal.waitFor("make test");
  terminal.type(`${key.controlG}hello\r`);
  await terminal.waitFor("you said: hello");
});

test("a paste of two megabytes is there at once, is edited as fast, and is refused in a sentence", async () => {
  await using terminal = await open();
  const book = `${"some words of a very long book\n".repeat(66_000)}THE END`;
  const began = performance.now();
  terminal.type(`\u001b[200~${book}\u001b[201~`);
  await terminal.waitUntil("the end", () => terminal.screen.endsWith("THE END"));
  terminal.type(`${key.controlW}${"x".repeat(40)}${key.home}${key.up}${key.down}${key.end}!`);
  await terminal.waitUntil("the keys", () => terminal.screen.endsWith(`THE ${"x".repeat(40)}!`));
  expect(performance.now() - began).toBeLessThan(3000);
  terminal.type("\r");
  await terminal.waitFor("larger than 1 MB");
  await terminal.waitUntil("the text again", () => terminal.screen.endsWith(`THE ${"x".repeat(40)}!`));
  expect(terminal.screen.length).toBeLessThan(10_000);
  terminal.type(key.controlC);
  await terminal.waitForPrompt();
});

test("keys are seen while an answer streams as fast as it can", async () => {
  await using terminal = await open();
  terminal.type("long\r");
  await terminal.waitUntil("the stream", () => terminal.output.includes("line 500"));
  terminal.type("typed meanwhile");
  await terminal.waitUntil("the keys", () => terminal.output.includes("typed meanwhile"));
  expect(terminal.output).not.toContain("line 99999");
  terminal.type(key.controlC);
  await terminal.waitUntil("the end", () => terminal.output.includes("Stopped."));
});
