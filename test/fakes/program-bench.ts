import { Database } from "bun:sqlite";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentEvent } from "../../src/agent/events.ts";
import { startLlmServer, type LlmRequest, type LlmServer } from "./llm-server.ts";
import { createStrictScript } from "./llm-transcript.ts";
import type { Turn, TurnCall } from "./llm-turn.ts";
import { describeProcess, findMounts, waitForNoProcess } from "./processes.ts";

export type Wire = "anthropic" | "openai";

export const wires = ["anthropic", "openai"] as const satisfies readonly Wire[];

/** As `scripts/start.sh` starts it. */
export const sourceProgram: readonly string[] = [
  process.execPath,
  "--no-env-file",
  "--config=/dev/null",
  "--tsconfig-override=/dev/null",
  "--no-install",
  join(import.meta.dir, "../../src/main.ts"),
];

/** The program as people start it: the executable of `NANOCLAW_PROGRAM`, else the source. */
export const program: readonly string[] = findProgram();

export interface BenchOptions {
  readonly wire?: Wire;
  /** What the model answers; a request that a real server would refuse is refused, and fails the test. */
  readonly script?: readonly Turn[] | ((request: LlmRequest, n: number) => Turn | Promise<Turn>);
  /** Added to a configuration that names the fake server. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Instead of the program alone: a command whose last words it is. */
  readonly under?: readonly string[];
  readonly program?: readonly string[];
  /** It is killed when it has not ended by then: a minute. What it is waited for to say it says within a quarter of that. */
  readonly longestMs?: number;
}

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

const patienceMs = 15_000;

/**
 * The whole program on a machine of its own: a home, a folder to stand in, and a model on loopback that is as strict
 * as a real one. At its end nothing may be left running or mounted, and the key may stand nowhere but in its file.
 */
export class ProgramBench implements AsyncDisposable {
  readonly root: string;
  /** `HOME`. */
  readonly home: string;
  /** `NANOCLAW_HOME`. */
  readonly state: string;
  /** Where the program is started. */
  readonly folder: string;
  readonly key: string;
  readonly wire: Wire;
  readonly server: LlmServer;
  readonly #faults: readonly string[];
  readonly #running = new Set<RunningProgram>();
  #said = "";

  static async open(options: BenchOptions = {}): Promise<ProgramBench> {
    const root = await mkdtemp(join(tmpdir(), "nanoclaw-program-"));
    // A group's uid has to reach a folder that is shared with it.
    await chmod(root, 0o755);
    const bench = new ProgramBench(root, options);
    for (const folder of [bench.home, bench.folder]) await mkdir(folder, { mode: 0o755 });
    await mkdir(bench.state, { mode: 0o700 });
    await bench.configure(options.config ?? {});
    return bench;
  }

  constructor(root: string, { wire = "anthropic", script = [] }: BenchOptions) {
    const strict = createStrictScript(script);
    this.root = root;
    this.home = join(root, "home");
    this.state = join(root, "state");
    this.folder = join(root, "folder");
    this.key = `sk-ant-canary-${crypto.randomUUID()}`;
    this.wire = wire;
    this.server = startLlmServer(strict.script, { keys: [this.key] });
    this.#faults = strict.faults;
  }

  get env(): Readonly<Record<string, string>> {
    return {
      PATH: "/usr/local/bin:/usr/bin:/bin",
      HOME: this.home,
      NANOCLAW_HOME: this.state,
      TZ: "UTC",
    };
  }

  get apiBase(): string {
    return this.wire === "anthropic" ? this.server.url : this.server.openAiBase;
  }

  get requests(): readonly LlmRequest[] {
    return this.server.requests;
  }

  /** What the model was sent that a real server would have refused. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  async configure(more: Readonly<Record<string, unknown>>): Promise<void> {
    const config = {
      agents: { defaults: { model: `${this.wire}/fake-model` } },
      providers: { [this.wire]: { apiBase: this.apiBase, apiKey: this.key } },
      ...more,
    };
    await writeFile(join(this.state, "config.json"), JSON.stringify(config), { mode: 0o600 });
  }

  start(argv: readonly string[], options: RunOptions = {}): RunningProgram {
    const running = new RunningProgram(
      [...(options.under ?? []), ...(options.program ?? program), ...argv],
      { cwd: this.folder, stdin: undefined, ...options, env: { ...this.env, ...options.env } },
      (text) => {
        this.#said += text;
      },
    );
    this.#running.add(running);
    return running;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return await this.start(argv, options).ended;
  }

  /** `agent -m TEXT`. */
  async ask(text: string, ...more: readonly string[]): Promise<Ran> {
    return await this.run(["agent", "-m", text, ...more]);
  }

  /** Reads the database as it stands on disk. */
  query(sql: string): Readonly<Record<string, unknown>>[] {
    const database = new Database(join(this.state, "nanoclaw.db"));
    try {
      return database.query<Readonly<Record<string, unknown>>, []>(sql).all();
    } finally {
      database.close();
    }
  }

  workspace(group = "main"): string {
    return join(this.state, "groups", group, "workspace");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((running) => running[Symbol.asyncDispose]()));
    try {
      await this.#check();
    } finally {
      await this.server.stop();
      await rm(this.root, { recursive: true, force: true });
    }
  }

  async #check(): Promise<void> {
    if (this.#faults.length > 0) throw new Error(`The model was sent ${this.#faults.join("; ")}.`);
    const left = (await waitForNoProcess(this.root, 1000)).map(describeProcess);
    if (left.length > 0) throw new Error(`Processes were left behind: ${left.join("; ")}`);
    const mounts = findMounts(this.root);
    if (mounts.length > 0) throw new Error(`Mounts were left behind:\n${mounts.join("\n")}`);
    const leaks = this.#said.includes(this.key) ? ["what it printed"] : await this.#findKey();
    if (leaks.length > 0) throw new Error(`The key stands in ${leaks.join(", ")}.`);
  }

  /** Files with the key in them, without those that hold keys. */
  async #findKey(): Promise<string[]> {
    const grep = Bun.spawn(["grep", "-rlazF", "--", this.key, this.state, this.folder], { stdout: "pipe" });
    const files = (await grep.stdout.text()).split("\n").filter(Boolean);
    const holders = ["config.json", "secrets.json"].map((name) => join(this.state, name));
    return files.filter((file) => !holders.includes(file));
  }
}

/** A started program, and what it has said so far. */
export class RunningProgram implements AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ran>;
  readonly #child: Bun.Subprocess<"ignore" | Blob, "pipe", "pipe">;
  readonly #command: string;
  /** For what it is to say. */
  readonly #patienceMs: number;
  #out = "";
  #err = "";
  #wake = Promise.withResolvers<void>();

  constructor(
    command: readonly string[],
    options: {
      readonly cwd: string;
      readonly env: Readonly<Record<string, string | undefined>>;
      readonly stdin: string | undefined;
      readonly longestMs?: number;
    },
    onSaid: (text: string) => void,
  ) {
    this.#command = command.slice(-3).join(" ");
    const { cwd, env, stdin, longestMs = 4 * patienceMs } = options;
    // What runs for long, as campaigns do beside much else, may be slow to speak.
    this.#patienceMs = longestMs / 4;
    this.#child = Bun.spawn([...command], {
      cwd,
      env: { ...env },
      stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
      stdout: "pipe",
      stderr: "pipe",
    });
    this.pid = this.#child.pid;
    this.ended = this.#follow(onSaid, longestMs);
    this.ended.catch(() => {});
  }

  get out(): string {
    return this.#out;
  }

  get err(): string {
    return this.#err;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async waitForOut(text: string): Promise<void> {
    await this.#waitUntil(`${JSON.stringify(text)} on standard output`, () => this.#out.includes(text));
  }

  async waitForErr(text: string): Promise<void> {
    await this.#waitUntil(`${JSON.stringify(text)} on standard error`, () => this.#err.includes(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async #waitUntil(what: string, isThere: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(this.#patienceMs);
    deadline.addEventListener("abort", () => this.#wake.resolve());
    while (!isThere()) {
      if (deadline.aborted || this.#child.exitCode !== null) {
        throw new Error(
          `${this.#command}: no ${what}; it said:\n${this.#out}\n${this.#err}\nand ended with ${this.#child.exitCode}`,
        );
      }
      await this.#wake.promise;
    }
  }

  async #follow(onSaid: (text: string) => void, longestMs: number): Promise<Ran> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), longestMs);
    await Promise.all([
      this.#read(this.#child.stdout, (text) => (this.#out += text)),
      this.#read(this.#child.stderr, (text) => (this.#err += text)),
    ]);
    const code = await this.#child.exited;
    clearTimeout(timer);
    this.#news();
    onSaid(this.#out + this.#err);
    return { out: this.#out, err: this.#err, code };
  }

  async #read(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      add(decoder.decode(chunk, { stream: true }));
      this.#news();
    }
  }

  #news(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }
}

/** The lines of `--json`. Throws for one that is none. */
export function parseEvents(text: string): AgentEvent[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): AgentEvent => JSON.parse(line));
}

/** A call of the shell, as a script has it. */
export function shell(command: string, more: Readonly<Record<string, unknown>> = {}): TurnCall {
  return { name: "shell", arguments: { command, ...more } };
}

function findProgram(): readonly string[] {
  const executable = process.env["NANOCLAW_PROGRAM"];
  return executable === undefined || executable === "" ? sourceProgram : [executable];
}
