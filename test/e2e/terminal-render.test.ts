import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";
import { paintWhole, showWhole } from "../fakes/streamed-answer.ts";

const program = [
  process.execPath,
  "--no-env-file",
  "--config=/dev/null",
  join(import.meta.dir, "../fakes/program.ts"),
];

const controlC = "\u0003";
const spinner = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/u;

const answer = [
  "# Result",
  "",
  ...Array.from(
    { length: 12 },
    (_, line) => `- item ${line} with **bold** and \`code\` in a line that is long enough to wrap`,
  ),
  "",
  "| Name | Value |",
  "|---|---|",
  ...Array.from({ length: 12 }, (_, line) => `| row ${line} | ${"some words ".repeat(6)}|`),
  "",
  "```ts",
  ...Array.from({ length: 12 }, (_, line) => `const a${line} = ${line}; // comment`),
  "```",
  "The last words stand here.",
].join("\n");

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "render-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function open(args: readonly string[], env: Readonly<Record<string, string>> = {}): PseudoTerminal {
  return new PseudoTerminal([...program, ...args], {
    cwd: folder,
    env: { FAKE_HISTORY: join(folder, "history"), ...env },
  });
}

test("one message on a terminal shows the whole answer, and no trace of what stood there meanwhile", async () => {
  await using terminal = open(["-m", `raw ${JSON.stringify(answer)}`]);
  expect(await terminal.process.exited).toBe(0);
  expect(terminal.screen.trimEnd()).toBe(showPlainLinks(answer).trimEnd());
  expect(terminal.isAtRest).toBe(true);
});

test("an answer higher than the terminal, streamed above the prompt, is the same", async () => {
  await using terminal = open([]);
  await terminal.waitForPrompt();
  terminal.type(`hang ${JSON.stringify(answer)}\r`);
  await terminal.waitFor("The last words stand here.");
  terminal.type(controlC);
  await terminal.waitFor("Stopped.");
  await terminal.waitForPrompt();
  const shown = terminal.screen.slice(terminal.screen.indexOf("Result\n\n"));
  expect(shown).toBe(`${showPlainLinks(answer).trimEnd()}\nStopped.\nyou>`);
  expect(terminal.isAtRest).toBe(true);
});

test("Ctrl-C in the middle leaves what stood there, whole lines, and nothing else", async () => {
  await using terminal = open(["-m", `hang ${JSON.stringify(`${answer} and **half`)}`]);
  await terminal.waitFor("**half");
  terminal.type(controlC);
  expect(await terminal.process.exited).toBe(130);
  expect(terminal.screen).toContain("The last words stand here. and **half\n");
  expect(terminal.screen).not.toMatch(spinner);
  expect(terminal.isAtRest).toBe(true);
});

test("a new size in the middle loses and doubles nothing", async () => {
  const words = Array.from({ length: 300 }, (_, index) => `word${index}`);
  const text = `${words.slice(0, 150).join(" ")}\n\n- ${words.slice(150).join(" ")}`;
  await using terminal = open([]);
  await terminal.waitForPrompt();
  terminal.type(`hang ${JSON.stringify(text)}\r`);
  await terminal.waitFor("word20");
  terminal.resize(40, 12);
  await terminal.waitFor("word60");
  terminal.resize(100, 30);
  await terminal.waitFor("word299");
  terminal.type(controlC);
  await terminal.waitFor("Stopped.");
  await terminal.waitForPrompt();
  const shown = terminal.screen.slice(terminal.screen.indexOf("\nword0 "));
  expect([...shown.matchAll(/word\d+/g)].map(([word]) => word)).toEqual(words);
  expect(shown).not.toMatch(spinner);
  expect(terminal.isAtRest).toBe(true);
});

test("where the terminal knows links, they can be clicked", async () => {
  const message = `raw ${JSON.stringify("[here](https://example.com/a)")}`;
  await using linking = open(["-m", message], { TERM_PROGRAM: "WezTerm" });
  await linking.process.exited;
  expect(linking.output).toContain(";https://example.com/a\u001b\\");
  expect(linking.screen).toContain("here\n");
  await using other = open(["-m", message]);
  await other.process.exited;
  expect(other.screen).toContain("here (https://example.com/a)");
});

test("with --no-markdown the text stands there as it was written", async () => {
  await using terminal = open(["--no-markdown", "-m", `raw ${JSON.stringify("# a **b**\n- c")}`]);
  await terminal.process.exited;
  expect(terminal.screen).toContain("# a **b**\n- c");
});

test("on a terminal that can do nothing there is no sequence, also in one message", async () => {
  await using terminal = open(["-m", "tool **x**"], { TERM: "dumb" });
  await terminal.process.exited;
  expect(terminal.output).not.toContain("\u001b");
  expect(terminal.screen).toContain("ran it: **x**");
});

/** The test's terminal knows no links. */
function showPlainLinks(text: string): string {
  expect(paintWhole(text, 60, false)).toBe(paintWhole(text, 60, true));
  return showWhole(text, 60);
}
