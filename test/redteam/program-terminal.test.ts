import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newResults } from "../fakes/llm-transcript.ts";
import { program, ProgramBench, shell, wires } from "../fakes/program-bench.ts";
import { PseudoTerminal } from "../fakes/pseudo-terminal.ts";

/** Whole programs start here, also on a machine that has much else to do. */
setDefaultTimeout(30_000);

const esc = "\u001b";
/** Each would do something on a real terminal: clipboard, title, clear, colour, answer-back, alternate screen, links. */
const sequences = [
  `${esc}]52;c;ZXZpbA==\u0007`,
  `${esc}]0;owned${esc}\\`,
  `${esc}[2J${esc}[3J${esc}[H`,
  `${esc}[31;1;5m`,
  `${esc}[6n${esc}[c${esc}P$q"p${esc}\\`,
  `${esc}[?1049h${esc}[?25l`,
  `${esc}]8;;http://evil${esc}\\click${esc}]8;;${esc}\\`,
  `${esc}c`,
  "\u009b2J\u009d0;owned\u009c",
  "\u0007\u0008\u0008\u000e\u007f",
  "\u202egnp.exe\u202c\u2066x\u2069",
  "one\rtwo",
].join(" ");

/** What the program itself writes to style and to edit its line, and nothing beyond. */
const own = /\u001b\[(?:(?!31;1;5m)[0-9;]*m|[0-9]*[KABCDG]|0?J|\?(?:7|25|2004|2026)[hl])/g;

/** What of the output is not our own: sequences with some of what follows them, and lone control characters. */
function foreign(output: string): string[] {
  const rest = output.replace(own, "").replace(/\r\n|\r/g, "\n");
  return (
    rest.match(/(?:\u001b.{0,8}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069])/g) ?? []
  );
}

async function show(bench: ProgramBench, ...argv: readonly string[]): Promise<string> {
  await using terminal = new PseudoTerminal([...program, ...argv], {
    cwd: bench.home,
    env: bench.env,
    patienceMs: 20_000,
  });
  await terminal.process.exited;
  return terminal.output;
}

describe.each(wires)("over the %s wire", (wire) => {
  test("nothing that the model says or calls reaches the terminal as a sequence", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: [
        {
          text: `Before ${sequences} after`,
          thinking: sequences,
          deltaSize: 3,
          calls: [
            shell(`printf '%s' ${JSON.stringify(sequences)}; exit 3`),
            { name: `tool${sequences}`, arguments: {} },
            { name: "write_file", arguments: { path: `file${sequences}`, content: sequences } },
            { name: "read_file", arguments: { path: `no ${sequences}` } },
          ],
        },
        { text: `Again ${sequences} # ${sequences}\n\n\`\`\`${sequences}\n${sequences}\n\`\`\`\n` },
      ],
    });
    const output = await show(bench, "-m", "Be evil");
    expect(output).toContain("Before");
    expect(output).toContain("Again");
    expect(foreign(output)).toEqual([]);
    // To the model controls are visible too; what reorders text is text to it.
    const told = newResults(bench.requests[1] ?? missing()).map(({ text }) => text);
    expect(foreign(told.join("\n")).filter((character) => character < "\u2000")).toEqual([]);
  });

  test("what a server says in an error is words only", async () => {
    await using bench = await ProgramBench.open({
      wire,
      script: [{ fault: { type: "status", status: 400, message: `No ${sequences} way` } }],
    });
    const output = await show(bench, "-m", "hi");
    expect(output).toContain("way");
    expect(foreign(output)).toEqual([]);
  });
});

test("a pseudo-terminal does show a sequence that nobody stopped", async () => {
  await using terminal = new PseudoTerminal(["printf", "%s", sequences], {
    cwd: "/",
    env: {},
    patienceMs: 20_000,
  });
  await terminal.process.exited;
  expect(foreign(terminal.output).length).toBeGreaterThan(20);
});

test("in the prompt neither answers, tools nor a folder's name can steer the terminal", async () => {
  await using bench = await ProgramBench.open({
    script: [
      { text: `Look ${sequences}`, deltaSize: 5, calls: [shell(`ls; : ${JSON.stringify(sequences)}`)] },
      { text: `Done ${sequences}.` },
    ],
  });
  const folder = join(bench.root, `evil ${esc}[2Jfolder`);
  await mkdir(folder);
  await writeFile(join(folder, `file${esc}[2J`), "x");
  await using terminal = new PseudoTerminal([...program], {
    cwd: folder,
    env: bench.env,
    patienceMs: 20_000,
  });
  await terminal.waitForPrompt();
  terminal.type("go\r");
  await terminal.waitFor("Done");
  await terminal.waitForPrompt();
  terminal.type("/status\r");
  await terminal.waitForPrompt();
  terminal.type("\u0004");
  expect(await terminal.process.exited).toBe(0);
  expect(foreign(terminal.output)).toEqual([]);
});

test("Ctrl-C in the prompt ends the command in the sandbox, and the talk goes on", async () => {
  const sleep = `sleep 300.${Math.random().toString().slice(2, 12)}`;
  await using bench = await ProgramBench.open({
    script: [{ text: "I wait.", calls: [shell(`echo up; ${sleep}`)] }, { text: "Here I am." }],
  });
  await using terminal = new PseudoTerminal([...program], {
    cwd: bench.home,
    env: bench.env,
    patienceMs: 20_000,
  });
  await terminal.waitForPrompt();
  terminal.type("wait\r");
  await terminal.waitFor("up");
  const began = performance.now();
  terminal.type("\u0003");
  await terminal.waitFor("Stopped.");
  await terminal.waitForPrompt();
  expect(performance.now() - began).toBeLessThan(1000);
  terminal.type("still there?\r");
  await terminal.waitFor("Here I am.");
  await terminal.waitForPrompt();
  terminal.type("\u0004");
  expect(await terminal.process.exited).toBe(0);
});

function missing(): never {
  throw new Error("It was never sent.");
}
