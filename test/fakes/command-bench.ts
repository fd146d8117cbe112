import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { obey } from "./command-flows.ts";
import { describeProcess, findMounts, waitForNoProcess } from "./processes.ts";
import { ProgramBench, type Ran, type RunningProgram, type RunOptions } from "./program-bench.ts";

const token = "the-token-of-the-flow";
const withinMs = 2000;

/** A machine that can be put back as it was, and commands on it. */
export class CommandBench implements AsyncDisposable {
  readonly bench: ProgramBench;
  readonly #port: number;

  static async open(): Promise<CommandBench> {
    const port = findFreePort();
    const bench = await ProgramBench.open({ script: obey, config: { gateway: { port, token } } });
    return new CommandBench(bench, port);
  }

  constructor(bench: ProgramBench, port: number) {
    this.bench = bench;
    this.#port = port;
  }

  get root(): string {
    return this.bench.root;
  }

  get state(): string {
    return this.bench.state;
  }

  get key(): string {
    return this.bench.key;
  }

  get apiBase(): string {
    return this.bench.apiBase;
  }

  workspace(group?: string): string {
    return this.bench.workspace(group);
  }

  start(argv: readonly string[], options?: RunOptions): RunningProgram {
    return this.bench.start(argv, options);
  }

  async run(argv: readonly string[], options?: RunOptions): Promise<Ran> {
    return await this.bench.run(argv, options);
  }

  /** What the command says when it does not end well. */
  async complain(argv: readonly string[], options?: RunOptions): Promise<readonly string[]> {
    const { code, out, err } = await this.run(argv, options);
    return code === 0 ? [] : [`${argv.join(" ")} ended with ${code}: ${out}${err}`];
  }

  async expect(argv: readonly string[], options?: RunOptions): Promise<void> {
    const [problem] = await this.complain(argv, options);
    if (problem !== undefined) throw new Error(problem);
  }

  /** As no machine that has seen the program. */
  async empty(): Promise<void> {
    for (const name of await readdir(this.state)) {
      await rm(join(this.state, name), { recursive: true, force: true });
    }
  }

  /** From now on `putBack` makes everything as it is. */
  async keep(): Promise<void> {
    await copy(this.state, this.#kept);
  }

  async putBack(): Promise<void> {
    await copy(this.#kept, this.state);
  }

  /** Time goes by: what was a draft a moment ago is an old one. */
  async age(): Promise<void> {
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(this.state)) {
      if (name.endsWith(".tmp")) await utimes(join(this.state, name), hourAgo, hourAgo);
    }
  }

  /** Whatever was cut short: nothing of it runs, the database is sound, and a turn goes well. */
  async check(): Promise<readonly string[]> {
    const left = (await waitForNoProcess(this.root, withinMs)).map(describeProcess);
    const { code, out, err } = await this.bench.ask("hi");
    const integrity = this.bench.query("PRAGMA integrity_check").map((row) => String(row["integrity_check"]));
    const drafts = (await readdir(this.state)).filter((name) => /\.(?:tmp|partial)$/.test(name));
    return [
      ...left.map((line) => `left behind: ${line}`),
      ...(code === 0 && out === "Hello.\n" ? [] : [`the next turn ended with ${code}: ${out}${err}`]),
      ...integrity.filter((line) => line !== "ok"),
      ...findMounts(this.root).map((line) => `a mount was left behind: ${line}`),
      ...drafts.map((name) => `a draft was left behind: ${name}`),
      ...this.bench.faults,
    ];
  }

  /** Every file below, with its words, as one line. */
  async list(folder: string): Promise<string> {
    const names = (await readdir(folder, { recursive: true })).toSorted();
    const lines = names.map(async (name) => {
      const path = join(folder, name);
      return (await stat(path)).isDirectory() ? name : `${name}=${(await readFile(path, "utf8")).trim()}`;
    });
    return (await Promise.all(lines)).join(" ");
  }

  /** As a gateway leaves it that was killed so many minutes ago. */
  async leaveGateway(minutesAgo: number): Promise<void> {
    const path = join(this.state, "run/gateway.alive");
    const at = new Date(Date.now() - minutesAgo * 60_000);
    await Bun.write(path, "alive\n");
    await utimes(path, at, at);
  }

  async say(text: string): Promise<void> {
    await this.#fetchUntil("/api/messages", { method: "POST", body: JSON.stringify({ text }) });
  }

  async replies(): Promise<readonly string[]> {
    const response = await this.#fetch("/api/replies");
    const { replies } = (await response.json()) as { replies: readonly { text: string }[] };
    return replies.map(({ text }) => text);
  }

  /** Until all that was sent, in one text, is like that; or the gateway has ended. */
  async waitForReply(pattern: RegExp, running?: RunningProgram): Promise<void> {
    let hasEnded = false;
    void running?.ended.then(() => (hasEnded = true));
    while (!hasEnded) {
      const replies = await this.replies().catch((): string[] => []);
      if (pattern.test(replies.join("\n"))) return;
      await Bun.sleep(5);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }

  get #kept(): string {
    return join(this.root, "kept");
  }

  async #fetchUntil(path: string, init: RequestInit): Promise<void> {
    while ((await this.#fetch(path, init).catch(() => undefined))?.ok !== true) await Bun.sleep(5);
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(5000),
    });
  }
}

/** Owners included: a group's files are its own. */
async function copy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await Bun.spawn(["cp", "-a", from, to]).exited;
}

function findFreePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = server;
  server.stop(true);
  return port;
}
