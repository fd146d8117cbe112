import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LlmRequest } from "../../fakes/llm-server.ts";
import { program, ProgramBench, shell, type BenchOptions } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

const controlC = "\u0003";
const controlD = "\u0004";
const controlU = "\u0015";

/** The whole program at a terminal, in a folder that is not shared. */
async function open(bench: ProgramBench, cwd = bench.home): Promise<PseudoTerminal> {
  const terminal = new PseudoTerminal([...program], { cwd, env: bench.env });
  if (cwd === bench.home) await terminal.waitForPrompt();
  return terminal;
}

async function say(terminal: PseudoTerminal, text: string, answer: string): Promise<void> {
  terminal.type(`${text}\r`);
  await terminal.waitFor(answer);
  await terminal.waitForPrompt();
}

async function leave(terminal: PseudoTerminal): Promise<void> {
  terminal.type(controlD);
  expect(await terminal.process.exited).toBe(0);
}

function bodyOf(request: LlmRequest | undefined): string {
  return JSON.stringify(request?.body ?? {});
}

function script(...texts: readonly string[]): BenchOptions {
  return { script: texts.map((text) => ({ text })) };
}

test("/retry puts another answer in the place of the last, /edit another question", async () => {
  await using bench = await ProgramBench.open(script("Alpha.", "Beta.", "Gamma.", "Delta."));
  await using terminal = await open(bench);
  await say(terminal, "what is it?", "Alpha.");
  await say(terminal, "/retry", "Beta.");
  expect(bodyOf(bench.requests[1])).not.toContain("Alpha.");
  terminal.type("/edit\r");
  await terminal.waitFor("edit> what is it?");
  terminal.type(`${controlU}what was it?\r`);
  await terminal.waitFor("Gamma.");
  await terminal.waitForPrompt();
  expect(bodyOf(bench.requests[2])).not.toMatch(/Alpha|Beta|what is it/);
  await say(terminal, "and now?", "Delta.");
  expect(bodyOf(bench.requests[3])).toContain("Gamma.");
  await leave(terminal);
  expect(bench.query("SELECT count(*) AS replaced FROM turns WHERE replaced_by IS NOT NULL")).toEqual([
    { replaced: 2 },
  ]);
});

test("a picture that was dragged into the terminal goes along; so does one behind an @", async () => {
  await using bench = await ProgramBench.open(script("A cat.", "A dog."));
  const [cat, dog] = ["a cat", "a dog"].map((of) =>
    Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.from(of)]),
  );
  await writeFile(join(bench.home, "a cat.png"), cat ?? "");
  await writeFile(join(bench.home, "dog.png"), dog ?? "");
  await using terminal = await open(bench);
  terminal.type(`what is this?\u001b[200~${bench.home}/a\\ cat.png \u001b[201~\r`);
  await terminal.waitForWrapped("a cat.png goes along");
  await terminal.waitFor("A cat.");
  await terminal.waitForPrompt();
  expect(bodyOf(bench.requests[0])).toContain(cat?.toString("base64") ?? "none");
  await say(terminal, "and @dog.png?", "A dog.");
  expect(bodyOf(bench.requests[1])).toContain(dog?.toString("base64") ?? "none");
  await leave(terminal);
  expect(bench.query("SELECT taint FROM sessions")).toEqual([{ taint: 1 }]);
});

test("Ctrl-C in /edit gives the prompt back and replaces nothing", async () => {
  await using bench = await ProgramBench.open(script("Alpha.", "Beta."));
  await using terminal = await open(bench);
  await say(terminal, "one", "Alpha.");
  terminal.type("/edit\r");
  await terminal.waitFor("edit> one");
  terminal.type(controlC);
  await terminal.waitForPrompt();
  await say(terminal, "two", "Beta.");
  expect(bodyOf(bench.requests[1])).toContain("Alpha.");
  await leave(terminal);
});

test("a message that is entered while a tool runs goes along at the next step; a command waits for the end", async () => {
  await using bench = await ProgramBench.open({
    script: [
      { text: "Working.", calls: [shell("until [ -e go ]; do sleep 0.05; done")] },
      { text: "Both done." },
    ],
  });
  await using terminal = await open(bench);
  terminal.type("first\r");
  await terminal.waitFor("until");
  terminal.type("and second\r");
  await terminal.waitFor("goes along at the next step");
  terminal.type("/new\r");
  await mkdir(bench.workspace(), { recursive: true });
  await writeFile(join(bench.workspace(), "go"), "");
  await terminal.waitFor("Both done.");
  await terminal.waitFor("A new conversation.");
  await terminal.waitForPrompt();
  await leave(terminal);
  expect(bench.requests.length).toBe(2);
  expect(bodyOf(bench.requests[1])).toContain("and second");
  const turns = "SELECT count(DISTINCT turn_id) AS turns, count(*) AS said FROM entries WHERE kind = 'user'";
  expect(bench.query(turns)).toEqual([{ turns: 1, said: 2 }]);
});

test("what comes too late to go along is the next message", async () => {
  await using bench = await ProgramBench.open({
    script: [{ text: "A long answer. ".repeat(40), deltaSize: 4, delayMs: 5 }, { text: "Next one." }],
  });
  await using terminal = await open(bench);
  terminal.type("first\r");
  await terminal.waitFor("A long answer.");
  terminal.type("second\r");
  await terminal.waitFor("Next one.");
  await terminal.waitForPrompt();
  expect(bench.requests.length).toBe(2);
  await leave(terminal);
});

test("!COMMAND runs in the sandbox, shows what it said, and goes along with the next message", async () => {
  await using bench = await ProgramBench.open(script("I see."));
  await using terminal = await open(bench);
  await say(terminal, "!echo from inside; pwd; cat /etc/shadow", "/workspace");
  expect(terminal.screen).toContain("from inside");
  expect(terminal.screen).toContain("No such file");
  expect(bench.requests.length).toBe(0);
  await say(terminal, "what was that?", "I see.");
  expect(bodyOf(bench.requests[0])).toContain("from inside");
  expect(bodyOf(bench.requests[0])).toContain("!echo from inside");
  await leave(terminal);
});

test("@PATH completes and attaches a file of a shared folder; a link out of it attaches nothing", async () => {
  await using bench = await ProgramBench.open(script("Read it."));
  await writeFile(join(bench.folder, "notes.txt"), "the plan is cake\n", { mode: 0o644 });
  await writeFile(join(bench.root, "secret.txt"), "the secret", { mode: 0o644 });
  await Bun.$`ln -s ../secret.txt ${join(bench.folder, "link.txt")}`.quiet();
  await using terminal = await open(bench, bench.folder);
  await terminal.waitFor("[n]o");
  terminal.type("r");
  await terminal.waitForPrompt();
  terminal.type("look at @no\t");
  await terminal.waitFor("@notes.txt");
  terminal.type("and @link.txt\r");
  await terminal.waitFor("Read it.");
  await terminal.waitForPrompt();
  expect(bodyOf(bench.requests[0])).toContain("the plan is cake");
  expect(bodyOf(bench.requests[0])).not.toContain("the secret");
  await leave(terminal);
  expect(bench.query("SELECT taint FROM sessions")).toEqual([{ taint: 3 }]);
});

test("conversations are listed, named and resumed; a new one knows nothing", async () => {
  await using bench = await ProgramBench.open(script("Rome it is.", "Hello.", "The Forum."));
  await using terminal = await open(bench);
  await say(terminal, "about Rome", "Rome it is.");
  await say(terminal, "/sessions name trip", "This conversation is now trip.");
  await say(terminal, "/new", "A new conversation.");
  await say(terminal, "hi", "Hello.");
  await say(terminal, "/sessions", "about Rome");
  await say(terminal, "/sessions trip", "Going on with trip, 2 entries.");
  await say(terminal, "what to see?", "The Forum.");
  expect(bodyOf(bench.requests[2])).toContain("Rome it is.");
  await leave(terminal);
});

test("/export asks before it writes over a file", async () => {
  await using bench = await ProgramBench.open(script("Alpha."));
  await using terminal = await open(bench);
  await say(terminal, "hello", "Alpha.");
  await say(terminal, "/export", "Written to");
  const file = join(bench.home, "nanoclaw-1.md");
  const first = await readFile(file, "utf8");
  expect(first).toContain("Alpha.");
  await writeFile(file, "mine");
  terminal.type("/export\r");
  await terminal.waitFor("Write over it?");
  await say(terminal, "n", "Nothing was written.");
  expect(await readFile(file, "utf8")).toBe("mine");
  terminal.type("/export\r");
  await terminal.waitFor("Write over it?");
  terminal.type(controlC);
  await terminal.waitFor("Stopped.");
  expect(await readFile(file, "utf8")).toBe("mine");
  terminal.type("/export\r");
  await terminal.waitFor("Write over it?");
  await say(terminal, "y", "Written to");
  expect(await readFile(file, "utf8")).toBe(first);
  await say(terminal, "/export all.json", "Written to");
  expect(JSON.parse(await readFile(join(bench.home, "all.json"), "utf8"))).toMatchObject({ id: 1 });
  await leave(terminal);
});

test("/usage, /tools and /model say what there is", async () => {
  await using bench = await ProgramBench.open(script("Alpha."));
  await using terminal = await open(bench);
  await say(terminal, "hello", "Alpha.");
  await say(terminal, "/usage", "fake-model (anthropic)");
  await say(terminal, "/tools", "They work in the sandbox: bubblewrap");
  expect(terminal.screen).toContain("search_files");
  await say(terminal, "/model", "The model is");
  await leave(terminal);
});

test("/compact puts a summary in the place of the older turns", async () => {
  await using bench = await ProgramBench.open(
    script("One.", "Two.", "Three.", "They counted to three.", "Four."),
  );
  await using terminal = await open(bench);
  for (const [text, answer] of [
    ["1", "One."],
    ["2", "Two."],
    ["3", "Three."],
  ] as const) {
    await say(terminal, text, answer);
  }
  await say(terminal, "/compact the numbers", "are now a summary");
  expect(bodyOf(bench.requests[3])).toContain("keep above all: the numbers");
  await say(terminal, "4", "Four.");
  expect(bodyOf(bench.requests[4])).toContain("They counted to three.");
  expect(bodyOf(bench.requests[4])).not.toContain("One.");
  await leave(terminal);
});

test("/login shows the first screen, and the conversation goes on with the model that was chosen", async () => {
  await using bench = await ProgramBench.open({
    ...script("Alpha."),
    config: { localServers: { discover: false } },
  });
  await using terminal = await open(bench);
  await say(terminal, "hello", "Alpha.");
  terminal.type("/login\r");
  await terminal.waitFor("Choose 1");
  terminal.type("3\r");
  await terminal.waitFor("The model is demo.");
  await terminal.waitForPrompt();
  await say(terminal, "hello again", "built-in demo");
  terminal.type("/login\r");
  await terminal.waitFor("Choose 1");
  terminal.type(controlC);
  await terminal.waitForPrompt();
  await say(terminal, "still there?", "built-in demo");
  await leave(terminal);
});

let ended: ProgramBench;
beforeAll(async () => {
  ended = await ProgramBench.open(script("Rome it is."));
  await ended.ask("about Rome");
});
afterAll(() => ended[Symbol.asyncDispose]());

test.each([
  [["sessions", "list"], /→ #1 +\d{4}-\d\d-\d\d \d\d:\d\d +2 +about Rome/],
  [["sessions", "list", "--json"], /"firstWords": "about Rome"/],
  [["sessions", "show", "1"], /^# Session 1\n[^]*Rome it is\./],
  [["sessions", "show", "#1", "--json"], /"isReplaced": false/],
  [["sessions", "export", "1", "out.md"], /out\.md\n$/],
  [["usage"], /today +[\d,]+ in, [\d,]+ out/],
  [["usage", "--json"], /"models": \[/],
  [["models"], /→ .*fake-model/],
  [["models", "--json"], /"isDefault": true/],
])("nanoclaw %j", async (argv, expected) => {
  const { out, err, code } = await ended.run(argv);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(expected);
});

test("nanoclaw sessions name names it for -s, and nanoclaw sessions export never writes over a file unasked", async () => {
  await using bench = await ProgramBench.open(script("Rome it is.", "The Forum."));
  await bench.ask("about Rome");
  expect((await bench.run(["sessions", "name", "1", "trip"])).out).toContain("nanoclaw -s trip");
  expect((await bench.ask("what to see?", "-s", "trip")).out).toBe("The Forum.\n");
  expect(bodyOf(bench.requests[1])).toContain("Rome it is.");
  await bench.run(["sessions", "export", "trip"]);
  const again = await bench.run(["sessions", "export", "trip"]);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("--force")]);
  expect((await bench.run(["sessions", "export", "trip", "--force"])).code).toBe(0);
});
