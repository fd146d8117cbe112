import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isProcessAlive } from "../../src/store/holder.ts";
import type { LlmRequest } from "./llm-server.ts";
import { newResults, readTranscript, userTexts } from "./llm-transcript.ts";
import type { Turn, TurnCall } from "./llm-turn.ts";
import { describeProcess, findMounts, waitForNoProcess } from "./processes.ts";
import {
  ProgramBench,
  shell,
  type Ran,
  type RunningProgram,
  type RunOptions,
  type Wire,
} from "./program-bench.ts";

/** How far a turn had come when it was ended. */
export type Stage = "before the model" | "first answer" | "tools" | "last answer" | "over";

export interface Recovery {
  /** What is not as it must be; empty when all is well. */
  readonly problems: readonly string[];
  /** From the start of the next process to its request at the model. */
  readonly recoveryMs: number;
}

/** How soon all of a killed run must be gone, and the next one at work. */
const withinMs = 2000;

/**
 * Turns whose every step leaves a trace: the model speaks, calls two tools that add a line each to a file, and answers.
 * They may be ended at any instant; the next run must find everything as it should be.
 */
export class CrashFlow implements AsyncDisposable {
  readonly bench: ProgramBench;
  readonly #reached = new Map<string, number>();

  static async open(wire: Wire): Promise<CrashFlow> {
    const holder: { flow?: CrashFlow } = {};
    const bench = await ProgramBench.open({ wire, script: (request) => holder.flow?.answer(request) ?? {} });
    const flow = new CrashFlow(bench);
    holder.flow = flow;
    return flow;
  }

  constructor(bench: ProgramBench) {
    this.bench = bench;
  }

  /** What the model says to a request. */
  answer(request: LlmRequest): Turn {
    const words = userTexts(request).findLast((text) => /^(do|go on) /.test(text)) ?? "";
    const [, verb = "", id = ""] = /^(do|go on) (\w+)/.exec(words) ?? [];
    // The results of a turn before stand ahead of the person's next words.
    const isAfterTools = readTranscript(request).at(-1)?.type === "result";
    const step = `${verb} ${id}${isAfterTools ? ", results" : ""}`;
    if (!this.#reached.has(step)) this.#reached.set(step, performance.now());
    if (verb === "go on") {
      if (!isAfterTools) return { calls: [shell("echo here")] };
      return { text: newResults(request)[0]?.text === "here" ? `On with ${id}.` : "Nothing works here." };
    }
    if (isAfterTools) return { text: `Done with ${id}, all of it.`, deltaSize: 4, delayMs: 2 };
    const add = (line: string): TurnCall => shell(`echo ${line} >> effects; sleep 0.02; echo ${line}`);
    return { text: `I do ${id}.`, deltaSize: 3, delayMs: 2, calls: [add(`${id}a`), add(`${id}b`)] };
  }

  /** `id` is a word of its own for each turn. */
  start(id: string, session: string, options?: RunOptions): RunningProgram {
    return this.bench.start(["agent", "-s", session, "-m", `do ${id}`], options);
  }

  /** Back to a machine that has never seen the program, but for its configuration. */
  async clear(): Promise<void> {
    const { state } = this.bench;
    const names = await readdir(state);
    await Promise.all(
      names
        .filter((name) => name !== "config.json")
        .map((name) => rm(join(state, name), { recursive: true, force: true })),
    );
  }

  async stage(id: string, running: RunningProgram): Promise<Stage> {
    if ((await running.ended).code === 0) return "over";
    if (this.#reached.has(`do ${id}, results`)) return "last answer";
    if ((await this.#effects()).some((line) => line.startsWith(id))) return "tools";
    return this.#reached.has(`do ${id}`) ? "first answer" : "before the model";
  }

  /** Runs the next turn of the session, and looks at everything. */
  async recover(id: string, session: string): Promise<Recovery> {
    const left = (await waitForNoProcess(this.bench.root, withinMs)).map(describeProcess);
    const faultsBefore = this.bench.faults.length;
    const { ran, startMs } = await this.#goOn(id, session);
    // On a machine that has much else to do, a start without a crash before it is slow as well.
    const usualMs = startMs <= withinMs ? 0 : (await this.#goOn(`${id}again`, session)).startMs;
    const problems = [
      ...(left.length === 0 ? [] : [`left behind: ${left.join("; ")}`]),
      ...(ran.code === 0 && ran.out === `On with ${id}.\n`
        ? []
        : [`the next run ended with ${ran.code}: ${ran.out}${ran.err}`]),
      ...this.bench.faults.slice(faultsBefore),
      ...(startMs - usualMs <= withinMs ? [] : [`the next run took ${startMs} ms to be at work`]),
      ...findMounts(this.bench.root).map((line) => `a mount was left behind: ${line}`),
      ...this.#findDamage(),
      ...(await this.#findEffects()),
    ];
    return { problems: problems.map((problem) => `${id}: ${problem}`), recoveryMs: startMs };
  }

  /** A turn that nobody ends, and how long it took to be at the model. */
  async #goOn(id: string, session: string): Promise<{ readonly ran: Ran; readonly startMs: number }> {
    const began = performance.now();
    const ran = await this.bench.run(["agent", "-s", session, "-m", `go on ${id}`]);
    return { ran, startMs: (this.#reached.get(`go on ${id}`) ?? Number.POSITIVE_INFINITY) - began };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }

  #findDamage(): string[] {
    const { bench } = this;
    const integrity = bench.query("PRAGMA integrity_check").map((row) => String(row["integrity_check"]));
    const running = bench.query("SELECT id FROM turns WHERE state = 'running'");
    const leases = bench.query("SELECT pid, pid_start, boot_id FROM leases WHERE pid IS NOT NULL");
    const alive = leases.filter((lease) =>
      isProcessAlive({
        pid: Number(lease["pid"]),
        pidStart: String(lease["pid_start"]),
        bootId: String(lease["boot_id"]),
      }),
    );
    return [
      ...integrity.filter((line) => line !== "ok"),
      ...running.map((row) => `turn ${String(row["id"])} is still running`),
      ...(leases.length === 0 ? [] : [`a lease is still held (${alive.length} by a living process)`]),
    ];
  }

  /** A call runs once at most, and one whose result stands in a transcript has run exactly once. */
  async #findEffects(): Promise<string[]> {
    const counts = new Map<string, number>();
    for (const line of await this.#effects()) counts.set(line, (counts.get(line) ?? 0) + 1);
    const results = this.bench
      .query("SELECT json_extract(body, '$.content') AS content FROM entries WHERE kind = 'tool'")
      .map(({ content }) => String(content).trim())
      .filter((content) => /^\w+[ab]$/.test(content));
    return [
      ...[...counts].filter(([, count]) => count > 1).map(([line, count]) => `${line} ran ${count} times`),
      ...results.filter((line) => !counts.has(line)).map((line) => `${line} has a result and never ran`),
    ];
  }

  async #effects(): Promise<string[]> {
    const file = Bun.file(`${this.bench.workspace()}/effects`);
    return (await file.exists()) ? (await file.text()).trim().split("\n") : [];
  }
}
