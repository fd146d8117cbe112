import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { terminate } from "./gateway-flow.ts";
import type { LlmRequest } from "./llm-server.ts";
import { readTranscript, userTexts } from "./llm-transcript.ts";
import type { Turn } from "./llm-turn.ts";
import type { CommandBench } from "./command-bench.ts";
import { shell, type RunningProgram } from "./program-bench.ts";

/** A command that may be ended at any of its system calls; what is then run next must find everything whole. */
export interface CommandFlow {
  readonly name: string;
  /** Makes the machine as it is before, once. */
  prepare(bench: CommandBench): Promise<void>;
  /** Starts the command; it ends by itself. */
  start(bench: CommandBench, under: readonly string[]): RunningProgram;
  /** What is not as it must be after the next commands. */
  check(bench: CommandBench): Promise<readonly string[]>;
}

/** A model that runs what the person writes behind `run `, and else says hello. */
export function obey(request: LlmRequest): Turn {
  const words = userTexts(request).findLast((text) => !text.startsWith("<context>")) ?? "";
  const isAfterTools = readTranscript(request).at(-1)?.type === "result";
  return words.startsWith("run ") && !isAfterTools
    ? { calls: [shell(words.slice("run ".length))] }
    : { text: "Hello." };
}

const undo: CommandFlow = {
  name: "undo",
  async prepare(bench) {
    await bench.expect(["agent", "-m", "run echo one > notes; mkdir d; echo a > d/a"]);
    await bench.expect(["agent", "-m", "run echo two > notes; rm -r d; echo b > b"]);
  },
  start: (bench, under) => bench.start(["undo", "--to", "2", "--yes"], { under }),
  async check(bench) {
    const problems = [...(await bench.complain(["undo", "--to", "2", "--yes"]))];
    if ((await bench.list(bench.workspace())) !== "d d/a=a notes=one") {
      problems.push(`after the next undo there is ${await bench.list(bench.workspace())}`);
    }
    // And what was there before the first attempt can be had back.
    const { out } = await bench.run(["undo", "--list"]);
    const kept = out.split("\n").findLast((line) => line.includes("(before going back"));
    const [number = "?"] = kept?.trim().split(/\s/) ?? [];
    problems.push(...(await bench.complain(["undo", "--to", number, "--yes"])));
    if ((await bench.list(bench.workspace())) !== "b=b notes=two") {
      problems.push(`what was undone is lost: there is ${await bench.list(bench.workspace())}`);
    }
    return problems;
  },
};

const onboardArguments = ["onboard", "--key-stdin", "--provider", "anthropic", "--model", "fake-model"];

const onboard: CommandFlow = {
  name: "onboard",
  prepare: async (bench) => await bench.empty(),
  start: (bench, under) =>
    bench.start([...onboardArguments, "--api-base", bench.apiBase], { under, stdin: bench.key }),
  async check(bench) {
    const again = [...onboardArguments, "--api-base", bench.apiBase];
    return await bench.complain(again, { stdin: bench.key });
  },
};

const commented = (steps: number, base: string): string =>
  `{\n  // How far it goes.\n  "limits": { "steps": ${steps} }, /* kept */\n  "providers": { "anthropic": { "apiBase": ${JSON.stringify(base)} } }\n}\n`;

const configure: CommandFlow = {
  name: "config set",
  async prepare(bench) {
    await bench.expect(["secrets", "set", "ANTHROPIC_API_KEY"], { stdin: bench.key });
    await writeFile(join(bench.state, "config.json"), commented(5, bench.apiBase), { mode: 0o600 });
  },
  start: (bench, under) => bench.start(["config", "set", "limits.steps", "7"], { under }),
  async check(bench) {
    const text = await readFile(join(bench.state, "config.json"), "utf8");
    const isWhole = [5, 7].some((steps) => text === commented(steps, bench.apiBase));
    return [
      ...(isWhole ? [] : [`the configuration is ${JSON.stringify(text)}`]),
      ...(await bench.complain(["config", "set", "limits.steps", "8"])),
      ...((await readFile(join(bench.state, "config.json"), "utf8")) === commented(8, bench.apiBase)
        ? []
        : ["the next edit is not there, or took the comments away"]),
    ];
  },
};

const addGroup: CommandFlow = {
  name: "groups add",
  prepare: async (bench) => await bench.expect(["agent", "-m", "hi"]),
  start: (bench, under) => bench.start(["groups", "add", "family"], { under }),
  async check(bench) {
    const { out } = await bench.run(["groups", "list"]);
    const isThere = /^family\b/m.test(out);
    return [
      ...(isThere ? [] : await bench.complain(["groups", "add", "family"])),
      ...(await bench.complain(["agent", "-g", "family", "-m", "run echo here > file"])),
      ...((await bench.list(bench.workspace("family"))) === "file=here"
        ? []
        : ["its workspace is not its own"]),
    ];
  },
};

const backup: CommandFlow = {
  name: "backup",
  async prepare(bench) {
    await bench.expect(["agent", "-m", "run echo one > notes"]);
  },
  start: (bench, under) => bench.start(["backup", join(bench.root, "made.tar")], { under }),
  async check(bench) {
    const made = join(bench.root, "made.tar");
    const other = { env: { NANOCLAW_HOME: join(bench.root, "other") } };
    const problems: string[] = [];
    if (!(await Bun.file(made).exists())) problems.push(...(await bench.complain(["backup", made])));
    problems.push(...(await bench.complain(["restore", "--yes", made], other)));
    const restored = await bench.list(join(bench.root, "other/groups/main/workspace"));
    if (restored !== "notes=one") problems.push(`what is restored is ${restored}`);
    for (const name of ["made.tar", "other"])
      await rm(join(bench.root, name), { recursive: true, force: true });
    return problems;
  },
};

const restore: CommandFlow = {
  name: "restore",
  async prepare(bench) {
    await bench.expect(["agent", "-m", "run echo old > notes"]);
    await bench.expect(["backup", join(bench.root, "old.tar")]);
    await bench.expect(["agent", "-m", "run echo new > notes"]);
  },
  start: (bench, under) => bench.start(["restore", "--yes", join(bench.root, "old.tar")], { under }),
  async check(bench) {
    const { err } = await bench.run(["groups", "list"]);
    const isHalf = err.includes("A backup was being restored");
    const problems = isHalf ? [...(await bench.complain(["restore"]))] : [];
    const there = await bench.list(bench.workspace());
    if (there !== "notes=old" && (isHalf || there !== "notes=new")) problems.push(`there is ${there}`);
    return problems;
  },
};

const notice: CommandFlow = {
  name: "a notice of the gateway",
  async prepare(bench) {
    const running = bench.start(["gateway", "--json"]);
    await bench.say("hi");
    await bench.waitForReply(/Hello/);
    await terminate(running, false);
    await running.ended;
  },
  start(bench, under) {
    void bench.leaveGateway(60);
    const running = bench.start(["gateway", "--json"], { under });
    void bench.waitForReply(/I was away/, running).then(() => terminate(running, true));
    return running;
  },
  async check(bench) {
    const running = bench.start(["gateway", "--json"]);
    await bench.waitForReply(/I was away/, running);
    await bench.say("hi");
    await bench.waitForReply(/Hello[^]*Hello/, running);
    const times = (await bench.replies()).filter((text) => text.includes("I was away")).length;
    await terminate(running, false);
    await running.ended;
    return times === 1 ? [] : [`it is told ${times} times`];
  },
};

export const commandFlows: readonly CommandFlow[] = [
  undo,
  onboard,
  configure,
  addGroup,
  backup,
  restore,
  notice,
];
