import { afterAll, beforeAll } from "bun:test";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failures } from "../../../src/words/english/failures.ts";
import { promptWords } from "../../../src/words/english/prompt.ts";
import { ProgramBench, program } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open({ script: () => ({ text: "Yes." }) });
  await mkdir(join(bench.folder, "papers/out"), { recursive: true });
  await writeFile(join(bench.folder, "raw"), new Uint8Array([1, 0, 2]));
  await writeFile(join(bench.folder, "book"), "x".repeat(250_000));
  await writeFile(join(bench.folder, "letter"), "private", { mode: 0o600 });
  Bun.spawnSync(["mkfifo", join(bench.folder, "pipe")]);
  await chmod(join(bench.folder, "papers"), 0o777);
});
afterAll(() => bench[Symbol.asyncDispose]());

/** Enters lines at the program's own prompt, each when it stands there, until it has said `last`; resolves with the screen as one line. */
function entered(last: string, lines: readonly string[], ...argv: readonly string[]): () => Promise<string> {
  return async () => {
    const options = { cwd: bench.folder, env: { ...bench.env, LANG: "C.UTF-8" } };
    await using terminal = new PseudoTerminal([...program, "agent", "--folder", ".", ...argv], options);
    for (const line of lines) {
      if (line === "y") await terminal.waitFor("[y/N]");
      else await terminal.waitForPrompt();
      terminal.type(`${line}\r`);
    }
    await terminal.waitUntil(last, () => toLine(terminal).includes(last));
    return toLine(terminal);
  };
}

function toLine({ screen }: PseudoTerminal): string {
  return screen.replace(/\s+/g, " ");
}

/** A path that only leads there by a swap or a slow neighbour; the part's own tests hold the way to it. */
const whyNot = "its own test makes it happen, with a conversation that lacks what it needs";
const isRoot = process.getuid?.() === 0;

testProvocations("prompt", {
  notHere: {
    whyNot,
    names: ["/tools can't be used in this conversation", "/help"],
    provoke: () => toSaid(promptWords.notHere({ command: "/tools" })),
  },
  noLastMessage: {
    names: ["no last message", "Write one first"],
    provoke: entered("Write one first", ["/retry"], "-s", "n1"),
  },
  cannotEdit: { whyNot, names: ["/edit TEXT"], provoke: () => toSaid(promptWords.cannotEdit()) },
  cannotLogIn: { whyNot, names: ["nanoclaw onboard"], provoke: () => toSaid(promptWords.cannotLogIn()) },
  image: {
    names: ["photo.png is an image", "Take the @ away"],
    provoke: entered("Take the @ away", ["see @photo.png"]),
  },
  fileTooLarge: {
    names: ["book is larger than 200 kB", "Take the @ away"],
    provoke: entered("Take the @ away", ["see @book"]),
  },
  fileIsFolder: {
    names: ["papers is a folder", "Name a file in it"],
    provoke: entered("Name a file in it", ["see @papers"]),
  },
  fileIsSpecial: {
    names: ["pipe is a pipe", "Take the @ away"],
    provoke: entered("Take the @ away", ["see @pipe"]),
  },
  fileUnreadable: {
    ...(isRoot ? {} : { whyNot: "a sandbox of one's own user reads what he may read" }),
    names: ["letter can't be read from the sandbox", "chmod o+r"],
    provoke: isRoot
      ? entered("chmod o+r", ["see @letter"])
      : () => toSaid(promptWords.fileUnreadable({ path: "letter" })),
  },
  fileNotText: {
    names: ["raw is not text", "Take the @ away"],
    provoke: entered("Take the @ away", ["see @raw"]),
  },
  unknownSession: {
    names: ['no conversation "xyzzy"', "Known:"],
    provoke: entered("Known:", ["/sessions xyzzy"]),
  },
  sessionName: {
    names: ["can't be the name", "beginning with a letter"],
    provoke: entered("beginning with a letter", ["/sessions name 1"]),
  },
  sessionNameMissing: {
    names: ["The new name is missing", "/sessions name NEW"],
    provoke: entered("/sessions name NEW", ["/sessions name"]),
  },
  sessionTaken: {
    names: ['a conversation "taken" already', "nanoclaw sessions list"],
    provoke: async () => {
      await bench.ask("hi", "-s", "taken");
      return await entered("nanoclaw sessions list", ["/sessions name taken"])();
    },
  },
  sessionStays: {
    names: ['named conversation "n2"', "without -s"],
    provoke: entered("without -s", ["/new"], "-s", "n2"),
  },
  nothingToShorten: {
    names: ["nothing to sum up", "last turns"],
    provoke: entered("last turns", ["/compact"], "-s", "n3"),
  },
  summaryIncomplete: {
    whyNot,
    names: ["no whole summary (length)", "/model"],
    provoke: () => toSaid(promptWords.summaryIncomplete({ reason: "length" })),
  },
  atWork: {
    whyNot,
    names: ["Process 7 is at work", "when it is done"],
    provoke: () => toSaid(promptWords.atWork({ pid: 7 })),
  },
  nothingToExport: {
    names: ["nothing to export", "Write a message"],
    provoke: entered("Write a message", ["/export"], "-s", "n4"),
  },
  exportExists: {
    whyNot,
    names: ["x.md is there already", "--force"],
    provoke: () => toSaid(promptWords.exportExists({ path: "x.md" })),
  },
  exportBelowShared: {
    names: ["The assistant can change", "in the shared folder itself"],
    provoke: entered(
      "in the shared folder itself",
      ["hi", "/export papers/out/x.md"],
      "-s",
      "n5",
      "--folder",
      "papers:rw",
    ),
  },
  exportNoFolder: {
    names: ["There is no folder", "nowhere", "Make it"],
    provoke: entered("Make it", ["hi", "/export nowhere/x.md"], "-s", "n6"),
  },
  exportIsFolder: {
    names: ["papers is a folder", "Name a file in it"],
    provoke: entered("Name a file in it", ["hi", "/export papers", "y"], "-s", "n7"),
  },
} satisfies Record<keyof Failures["prompt"], Provocation>);
