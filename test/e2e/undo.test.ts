import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

const program = [
  process.execPath,
  "--no-env-file",
  "--config=/dev/null",
  join(import.meta.dir, "../../src/main.ts"),
];

let root: string;
beforeEach(async () => {
  root = await mkdtemp("/tmp/nanoclaw-undo-");
  await chmod(root, 0o755);
});
afterEach(() => rm(root, { recursive: true, force: true }));

function environment() {
  return { HOME: root, NANOCLAW_HOME: join(root, "data"), LANG: "C.UTF-8", PATH: "/usr/bin:/bin" };
}

function start(...words: string[]): PseudoTerminal {
  const terminal = new PseudoTerminal([...program, ...words], { cwd: root, env: environment() });
  terminal.resize(100, 40);
  return terminal;
}

async function openPrompt(): Promise<PseudoTerminal> {
  const terminal = start("--model", "demo");
  await terminal.waitForPrompt();
  return terminal;
}

async function say(terminal: PseudoTerminal, line: string, expected: string): Promise<void> {
  terminal.type(`${line}\r`);
  await terminal.waitFor(expected);
  await terminal.waitForPrompt();
}

async function run(...words: string[]) {
  const child = Bun.spawn([...program, ...words], {
    cwd: root,
    env: environment(),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { out, err, code };
}

test("in the prompt: /undo says what it would do, asks, does it, and what it did can be taken back", async () => {
  await using terminal = await openPrompt();
  await say(terminal, "run: echo first > a", "This is what shell");
  await say(terminal, "run: echo second > a; echo new > b", "This is what shell");
  terminal.type("/undo\r");
  await terminal.waitFor("undo? [y/N]");
  expect(terminal.screen).toContain("~ a  6 B → 7 B");
  expect(terminal.screen).toContain("+ b  4 B");
  await say(terminal, "y", "Undone: 1 file changed, 1 created.");
  await say(terminal, "run: cat a; ls", "first");
  await say(terminal, "/undo list", "going back to 2");
  terminal.type("/undo 3\r");
  await terminal.waitFor("undo? [y/N]");
  await say(terminal, "y", "Undone");
  await say(terminal, "run: cat a b", "second");
}, 30_000);

test("in the prompt: without a yes nothing is undone", async () => {
  await using terminal = await openPrompt();
  await say(terminal, "run: echo first > a", "This is what shell");
  terminal.type("/undo\r");
  await terminal.waitFor("undo? [y/N]");
  terminal.type("\u0003");
  await terminal.waitFor("Stopped.");
  await terminal.waitForPrompt();
  terminal.type("/undo\r");
  await terminal.waitFor("undo? [y/N]");
  // The question stands where the answer is written, and the answer is nothing that Up brings back.
  expect(terminal.screen.trimEnd()).toEndWith("undo? [y/N]");
  terminal.type("run: cat a\r");
  await terminal.waitFor("Nothing was changed.");
  await terminal.waitForPrompt();
  terminal.type("\u001b[A");
  await terminal.waitFor("you> /undo");
}, 30_000);

test("as a command: asks with one key in a terminal, wants --yes elsewhere, and keeps nothing that runs waiting", async () => {
  await run("agent", "--model", "demo", "-m", "run: echo first > a");
  await run("agent", "--model", "demo", "-m", "run: echo second > a");
  const refused = await run("undo");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.err).toContain("1 file changed since");
  expect((await run("undo", "--diff")).out).toContain("~ a  6 B → 7 B");
  {
    await using terminal = start("undo");
    await terminal.waitFor("undo? [y/N]");
    terminal.type("n");
    await terminal.waitFor("Nothing was changed.");
    expect(await terminal.process.exited).toBe(1);
  }
  {
    await using terminal = start("undo");
    await terminal.waitFor("undo? [y/N]");
    terminal.type("y");
    await terminal.waitFor("Undone: 1 file changed.");
    expect(await terminal.process.exited).toBe(0);
  }
  expect((await run("agent", "--model", "demo", "-m", "run: cat a")).out).toContain("first");
  expect((await run("undo", "--list")).out).toContain("(before going back to 2)");
}, 30_000);
