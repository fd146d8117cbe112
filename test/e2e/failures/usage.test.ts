import { afterAll, beforeAll } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArguments } from "../../../src/commands/arguments.ts";
import { runAgentCommand } from "../../../src/commands/agent.ts";
import { explain } from "../../../src/errors.ts";
import { readImage } from "../../../src/read-image.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { createFakeIo } from "../../fakes/command-io.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { createFakeServices } from "../../fakes/services.ts";

let bench: ProgramBench;
beforeAll(async () => {
  bench = await ProgramBench.open();
  await mkdir(join(bench.folder, "papers"));
  await writeFile(join(bench.folder, "photo"), new Uint8Array([1, 0, 2]));
  await writeFile(join(bench.folder, "book"), "x".repeat(1_100_000));
  const picture = Buffer.from("89504e470d0a1a0a", "hex");
  await writeFile(join(bench.folder, "small.png"), picture);
  await writeFile(join(bench.folder, "large.png"), Buffer.concat([picture, Buffer.alloc(4_000_000)]));
});
afterAll(() => bench[Symbol.asyncDispose]());

function typed(...argv: readonly string[]): () => Promise<string> {
  return async () => (await bench.run(argv)).err;
}

testProvocations("usage", {
  unknownCommand: { names: ['"stauts"', "Did you mean status?", "Known: agent"], provoke: typed("stauts") },
  unknownFlag: {
    names: ['"--modle"', "Did you mean --model?", "See: nanoclaw agent --help"],
    provoke: typed("--modle", "x"),
  },
  flagTakesNoValue: { names: ["--json takes no value.", "--help"], provoke: typed("status", "--json=1") },
  flagNeedsValue: { names: ["-m needs a value: -m TEXT.", "--help"], provoke: typed("-m") },
  flagBeforeFlag: {
    names: ["--model needs a value", "write --model=--json"],
    provoke: typed("agent", "--model", "--json"),
  },
  flagTwice: { names: ["--message was given twice.", "--help"], provoke: typed("-m", "a", "-m", "b") },
  flagEmpty: { names: ["--group is empty.", "--help"], provoke: typed("-m", "a", "-g", "") },
  wordMissing: { names: ["NAME is missing.", "groups show --help"], provoke: typed("groups", "show") },
  wordUnexpected: { names: ['"x"', "groups list --help"], provoke: typed("groups", "list", "x") },
  needsSubcommand: {
    names: ["groups needs one of: list, show, add,", "--help"],
    provoke: typed("groups"),
  },
  jsonNeedsMessage: {
    names: ["--json needs a message", "-m"],
    provoke: async () => {
      const flags = [
        "json",
        "message",
        "file",
        "model",
        "think",
        "folder",
        "group",
        "session",
        "logs",
        "no-markdown",
      ];
      const spec = { flags: flags.map((name) => ({ name, says: "" })), words: [] };
      const io = createFakeIo({ inputKind: "terminal", isTerminal: true });
      const context = { programName: "nanoclaw", services: createFakeServices() } as const;
      const run = runAgentCommand(parseArguments(["--json"], spec), io, context, AbortSignal.timeout(5000));
      return await run.then(String, (error: unknown) => toSaid(explain(error)));
    },
  },
  messageEmpty: { names: ["The message is empty.", 'nanoclaw agent -m "Hello"'], provoke: typed("-m", " ") },
  messageTooLarge: { names: ["larger than 1 MB", "--folder PATH"], provoke: typed("-f", "book") },
  notText: { names: ["photo is not text."], provoke: typed("-f", "photo") },
  fileMissing: { names: ["notes.txt does not exist."], provoke: typed("-f", "notes.txt") },
  fileIsFolder: { names: ["papers is a folder.", "--folder PATH"], provoke: typed("-f", "papers") },
  pictureAlone: {
    names: ["picture and no message", '-m "What is this?"'],
    provoke: typed("-f", "small.png"),
  },
  pictureTooLarge: {
    names: ["large.png is larger than 3.9 MB", "1600 pixels"],
    provoke: typed("-m", "hi", "-f", "large.png"),
  },
  notAPicture: {
    names: ["photo is no picture", "PNG, JPEG, GIF and WebP"],
    provoke: () =>
      readImage(join(bench.folder, "photo")).then(String, (error: unknown) => toSaid(explain(error))),
  },
  unknownThinking: {
    names: ['"hard"', "off, low, medium, high"],
    provoke: typed("-m", "hi", "--think", "hard"),
  },
  unknownGroup: {
    names: ['"mian"', "Did you mean main?", "Known: main", "nanoclaw groups add mian"],
    provoke: typed("-g", "mian", "-m", "hi"),
  },
  noCount: { names: ['"many"', "nanoclaw logs -n 100"], provoke: typed("logs", "-n", "many") },
  unknownLevel: { names: ['"loud"', "error, warn, info, debug"], provoke: typed("logs", "--level", "loud") },
  unknownManager: {
    names: ['"runit"', "systemd, launchd, background"],
    provoke: typed("service", "status", "--manager", "runit"),
  },
  usageBy: {
    names: ['"modle"', "Did you mean model?", "Known: group, model, task, day"],
    provoke: typed("usage", "--by", "modle"),
  },
  groupName: { names: ['"a b"', "letters, digits"], provoke: typed("groups", "add", "a b") },
  groupTaken: { names: ['"main" already', "groups list"], provoke: typed("groups", "add", "Main") },
} satisfies Record<keyof Failures["usage"], Provocation>);
