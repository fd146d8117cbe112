import { afterAll, beforeAll } from "bun:test";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { summarise } from "../../../src/agent/compact.ts";
import { explain } from "../../../src/errors.ts";
import { parsePromptLine } from "../../../src/prompt/parse-line.ts";
import { slashCommands } from "../../../src/prompt/slash-commands.ts";
import type { SlashContext } from "../../../src/prompt/slash-command.ts";
import { phrases } from "../../../src/words/english/phrases.ts";
import type { Failures } from "../../../src/words/english/failures.ts";
import { takeLease } from "../../../src/store/leases.ts";
import { readOwnHolder } from "../../../src/store/holder.ts";
import { getGroup } from "../../../src/store/groups.ts";
import type { Conversation } from "../../../src/turns/conversation.ts";
import { FakeConversation } from "../../fakes/conversation.ts";
import { openGatewayBench, type GatewayBench } from "../../fakes/gateway.ts";
import { createAnsweringProvider, saying } from "../../fakes/loop.ts";
import { ProgramBench } from "../../fakes/program-bench.ts";
import { PseudoTerminal } from "../../fakes/pseudo-terminal.ts";
import { program } from "../../fakes/program-bench.ts";
import { type Provocation, testProvocations, toSaid } from "../../fakes/provoke.ts";
import { silentLog } from "../../../src/log.ts";

const never = new AbortController().signal;

let bench: GatewayBench;
let talked: Conversation;
let shared: ProgramBench;
beforeAll(async () => {
  bench = await openGatewayBench();
  talked = await bench.converse(createAnsweringProvider([saying("ok")]));
  for (const text of ["one", "two", "three"]) await talked.send(text, () => {}, never);
  await talked.past?.name("trip");
  shared = await ProgramBench.open();
  await mkdir(join(shared.folder, "sub"));
  await writeFile(join(shared.folder, "large.txt"), "x".repeat(300_000), { mode: 0o644 });
  await writeFile(join(shared.folder, "binary.dat"), new Uint8Array([1, 0, 2]), { mode: 0o644 });
  await writeFile(join(shared.folder, "private.txt"), "x");
  await chmod(join(shared.folder, "private.txt"), 0o600);
  await Bun.$`mkfifo ${join(shared.folder, "a.pipe")}`.quiet();
});
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

/** Enters a line at a prompt that can do nothing but say it. */
async function enter(line: string, conversation: Conversation = talked): Promise<string> {
  const parsed = parsePromptLine(line, slashCommands);
  if (parsed.type !== "command") throw new Error(`${line} is no command`);
  const said: string[] = [];
  const tell = async (text: string): Promise<void> => void said.push(text);
  const context: SlashContext = {
    conversation,
    folder: shared.folder,
    home: shared.home,
    phrases,
    models: async () => [],
    columns: () => 80,
    say: tell,
    tell,
    show: tell,
    unfold: () => undefined,
    showBusy: async () => {},
    ask: async () => "",
    send: async () => {},
    edit: () => false,
    stop: async () => false,
    leave: () => {},
    carryOut: async () => {},
    logIn: async () => "",
  };
  return await parsed.command.run(context, parsed.argument, never).then(
    () => said.join("\n"),
    (error: unknown) => toSaid(explain(error)),
  );
}

function fake(): Conversation {
  return new FakeConversation({ folders: [], currentFolder: "/", sawUntrusted: false, log: silentLog });
}

/** Types a line at the real prompt, in a shared folder, and reads what it says. */
function typed(line: string, env: Readonly<Record<string, string>> = {}): () => Promise<string> {
  return async () => {
    await using terminal = new PseudoTerminal([...program, "--folder", "."], {
      cwd: shared.folder,
      env: { ...shared.env, ...env },
    });
    const label = env["TERM"] === "dumb" ? "you>" : undefined;
    if (label === undefined) await terminal.waitForPrompt();
    else await terminal.waitFor(label);
    terminal.type(`${line}\r`);
    await terminal.waitFor("nanoclaw: ");
    if (label === undefined) await terminal.waitUntil("the prompt", () => /\nyou>/.test(terminal.screen));
    return terminal.screen.replace(/\s+/g, " ");
  };
}

testProvocations("the prompt", {
  notHere: { names: ["/compact can't be used", "/help"], provoke: () => enter("/compact", fake()) },
  noLastMessage: {
    names: ["no last message", "/compact"],
    provoke: () => enter("/retry", fake()),
  },
  cannotEdit: { names: ["can't open", "/edit TEXT"], provoke: () => enter("/edit") },
  cannotLogIn: { names: ["first screen", "nanoclaw onboard"], provoke: typed("/login", { TERM: "dumb" }) },
  fileTooLarge: { names: ["large.txt", "200 kB", "assistant"], provoke: typed("see @large.txt") },
  fileIsFolder: { names: ["sub is a folder", "Tab"], provoke: typed("see @sub") },
  fileIsSpecial: { names: ["a.pipe is a pipe", "Take the @ away"], provoke: typed("see @a.pipe") },
  fileUnreadable: {
    names: ["private.txt can't be read", "chmod o+r"],
    provoke: typed("see @private.txt"),
    ...(process.getuid?.() === 0 ? {} : { whyNot: "the sandbox runs as the file's owner" }),
  },
  fileNotText: { names: ["binary.dat is not text", "assistant"], provoke: typed("see @binary.dat") },
  unknownSession: {
    names: ['"tripp"', "Did you mean trip?", "Known: trip"],
    provoke: () => enter("/sessions tripp"),
  },
  sessionName: { names: ['"12"', "beginning with a letter"], provoke: () => enter("/sessions name 12") },
  sessionNameMissing: { names: ["new name", "/sessions name NEW"], provoke: () => enter("/sessions name") },
  sessionTaken: {
    names: ['"trip" already', "nanoclaw sessions list"],
    provoke: async () => {
      await talked.startNewSession();
      try {
        return await enter("/sessions name trip");
      } finally {
        await talked.past?.resume("trip");
      }
    },
  },
  sessionStays: {
    names: ['"trip"', "without -s"],
    provoke: async () =>
      await enter("/new", await bench.converse(createAnsweringProvider([]), { sessionName: "trip" })),
  },
  nothingToShorten: {
    names: ["nothing to sum up", "last turns"],
    provoke: async () =>
      await enter("/compact", await bench.converse(createAnsweringProvider([]), { sessionName: "empty" })),
  },
  summaryIncomplete: {
    names: ["no whole summary", "Nothing was changed", "/model"],
    provoke: async () => {
      const request = { model: "m", system: "", messages: [], tools: [], maxTokens: 10, keep: "" };
      const provider = createAnsweringProvider([saying(" ")]);
      return await summarise({ ...request, provider }, never).then(String, (error: unknown) =>
        toSaid(explain(error)),
      );
    },
  },
  atWork: {
    names: ["Process 1 is at work", "Try again"],
    provoke: async () => {
      const { database } = bench.store;
      const group = await getGroup(database, "main");
      const stat = await Bun.file("/proc/1/stat").text();
      const pidStart = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
      const holder = { ...(await readOwnHolder()), pid: 1, pidStart };
      const options = { now: 0, isAlive: () => false };
      await database.transaction((tx) => takeLease(tx, group.id, holder, options));
      try {
        return await enter("/compact");
      } finally {
        await database.transaction((tx) => tx.run("UPDATE leases SET pid = NULL"));
      }
    },
  },
  nothingToExport: {
    names: ["nothing to export", "Write a message"],
    provoke: async () =>
      await enter("/export", await bench.converse(createAnsweringProvider([]), { sessionName: "empty" })),
  },
  exportExists: {
    names: ["there already", "--force"],
    provoke: async () => {
      await shared.run(["agent", "-m", "hi"]);
      await shared.run(["sessions", "export", "1", "x.md"]);
      return (await shared.run(["sessions", "export", "1", "x.md"])).err;
    },
  },
  exportBelowShared: {
    names: ["can change", "shared folder itself"],
    provoke: async () => {
      const mounts = [{ name: "shared", source: shared.folder, canWrite: true }];
      const conversation = await bench.converse(createAnsweringProvider([]), { mounts, sessionName: "trip" });
      return await enter("/export sub/x.md", conversation);
    },
  },
  notArchived: {
    names: ["could not be written to", "conversations", "write /new again"],
    provoke: async () => {
      const folder = join(bench.folder, "groups/main");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "conversations"), "");
      return await enter("/new");
    },
  },
  exportNoFolder: { names: ["There is no folder", "Make it"], provoke: () => enter("/export no/x.md") },
  exportIsFolder: {
    names: ["is a folder", "Name a file"],
    provoke: async () => {
      await mkdir(join(shared.home, "y.md"), { recursive: true });
      return (await shared.run(["sessions", "export", "1", "y.md", "--force"], { cwd: shared.home })).err;
    },
  },
} satisfies Record<keyof Failures["prompt"], Provocation>);
