import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { addGroups } from "./add-groups.ts";
import { answerMarks, judge, toMark, type Delivered, type Verdict } from "./gateway-ledger.ts";
import { PlatformServer } from "./platform-server.ts";
import { ProgramBench, program, sourceProgram, type RunningProgram } from "./program-bench.ts";

export type Carrier = "http" | "platform" | "idempotent platform";

export const carriers = ["http", "platform", "idempotent platform"] as const satisfies readonly Carrier[];

export interface FlowOptions {
  readonly carrier: Carrier;
  readonly chats: number;
  readonly seed: number;
  readonly script?: typeof answerMarks;
  /** A group for each chat; without, all are main's. */
  readonly hasGroups?: boolean;
}

/**
 * Chats, each with a group of its own, that write to a gateway which is ended again and again. The same flow over the HTTP
 * channel of the real program, and over a platform whose sends are not idempotent.
 */
export class GatewayFlow implements AsyncDisposable {
  readonly bench: ProgramBench;
  readonly platform: PlatformServer;
  readonly #carrier: Carrier;
  readonly #chats: number;
  readonly #hasGroups: boolean;
  readonly #accepted = new Map<string, string[]>();
  readonly #senders: Promise<void>[] = [];
  readonly #over = new AbortController();
  readonly #port: number;
  #allowed = 0;
  #numbers = 0;
  /** Of each chat, over HTTP: what came before is no longer looked at. */
  readonly #seen = new Map<number, number>();
  #begun = 0;
  #news = Promise.withResolvers<void>();
  #running: RunningProgram | undefined;
  /** When each mark was first seen at the model. */
  readonly #asked = new Map<string, number>();

  static async open(options: FlowOptions): Promise<GatewayFlow> {
    const { script = answerMarks } = options;
    const port = findFreePort();
    const holder: { flow?: GatewayFlow } = {};
    const bench = await ProgramBench.open({
      script: (request) => {
        const turn = script(request);
        holder.flow?.note(turn.text ?? "");
        return turn;
      },
      config: { gateway: { port, token: "the-token-of-the-flow" } },
    });
    const flow = new GatewayFlow(bench, port, options);
    holder.flow = flow;
    if (options.hasGroups !== false) {
      await addGroups(
        bench,
        Array.from({ length: options.chats }, (_, chat) => `c${chat}`),
      );
    }
    return flow;
  }

  constructor(bench: ProgramBench, port: number, { carrier, chats, seed, hasGroups = true }: FlowOptions) {
    this.bench = bench;
    this.#hasGroups = hasGroups;
    this.#port = port;
    this.#carrier = carrier;
    this.#chats = chats;
    this.platform = new PlatformServer({ isIdempotent: carrier === "idempotent platform", seed });
  }

  note(text: string): void {
    for (const mark of text.match(/\bm\d+x\d+\b/g) ?? []) {
      if (!this.#asked.has(mark)) this.#asked.set(mark, performance.now());
    }
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  start(under: readonly string[] = []): RunningProgram {
    const driver = [...sourceProgram.slice(0, -1), join(import.meta.dir, "gateway-driver.ts")];
    const platform = [`http://127.0.0.1:${this.platform.port}`, this.#carrier.split(" ")[0] ?? ""];
    const groups = this.#hasGroups ? "groups" : "main";
    const withPlatform = [...driver, ...platform, groups, "--json", "--logs"];
    this.#running =
      this.#carrier === "http"
        ? this.bench.start(["gateway", "--json", "--logs"], { under, program })
        : this.bench.start([], { under, program: withPlatform });
    return this.#running;
  }

  /** Back to a machine that has never seen the program, but for its configuration. */
  async clear(): Promise<void> {
    const names = (await readdir(this.bench.state)).filter((each) => each !== "config.json");
    await Promise.all(
      names.map((each) => rm(join(this.bench.state, each), { recursive: true, force: true })),
    );
    this.#seen.clear();
  }

  /** Ends the gateway as a service manager does. */
  async halt(): Promise<void> {
    this.#running?.kill("SIGTERM");
    await this.#running?.ended;
  }

  /** What was said and shown until now is settled; counting begins anew. */
  async forget(): Promise<void> {
    if (this.#carrier === "http") {
      for (let chat = 0; chat < this.#chats; chat++) {
        const last = (await this.shown()).findLast((each) => each.chat === `c${chat}`);
        if (last !== undefined) this.#seen.set(chat, Number(last.key));
      }
    }
    this.#accepted.clear();
    this.platform.forget();
    this.#allowed = 0;
    this.#begun = 0;
  }

  /** Until that many have been answered as the chats saw, or the program has ended. */
  async waitForAnswers(count: number, running: RunningProgram, signal: AbortSignal): Promise<void> {
    let hasEnded = false;
    void running.ended.then(() => (hasEnded = true));
    while (!hasEnded && !signal.aborted) {
      const verdict = await this.#judge().catch(() => undefined);
      if (verdict !== undefined && verdict.answeredOnce >= count) return;
      await Bun.sleep(10);
    }
  }

  get running(): RunningProgram | undefined {
    return this.#running;
  }

  /** Lets `count` more messages be written, by all chats together. */
  write(count: number): void {
    this.#allowed += count;
    if (this.#carrier !== "http") {
      for (; this.#begun < this.#allowed; this.#begun++) {
        const chat = this.#begun % this.#chats;
        this.platform.say(`c${chat}`, toMark(chat, this.#numbers++));
      }
      return;
    }
    if (this.#senders.length === 0) {
      for (let chat = 0; chat < this.#chats; chat++) this.#senders.push(this.#sendAll(chat));
    }
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  #wake = Promise.withResolvers<void>();

  get written(): number {
    return this.#allowed;
  }

  get accepted(): ReadonlyMap<string, readonly string[]> {
    return this.#carrier === "http" ? this.#accepted : this.platform.accepted;
  }

  /** Whether something was accepted and has not been at the model yet. */
  get hasUnasked(): boolean {
    return [...this.accepted.values()].some((marks) => marks.some((mark) => !this.#asked.has(mark)));
  }

  /** Resolves at the next request of the model. */
  async nextRequest(signal: AbortSignal): Promise<void> {
    const cut = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    await Promise.race([this.#news.promise, cut]);
  }

  /** What each chat has been shown. */
  async shown(): Promise<readonly Delivered[]> {
    if (this.#carrier !== "http") return this.platform.shown;
    const all: Delivered[] = [];
    for (let chat = 0; chat < this.#chats; chat++) {
      for (let after = this.#seen.get(chat) ?? 0; ;) {
        const response = await this.#fetch(`/api/replies?chat=c${chat}&after=${after}`);
        const { replies } = (await response.json()) as { replies: { id: number; text: string }[] };
        all.push(...replies.map(({ id, text }) => ({ chat: `c${chat}`, key: String(id), text })));
        after = replies.at(-1)?.id ?? after;
        if (replies.length < 100) break;
      }
    }
    return all;
  }

  /** Keeps a gateway running until all that was written is accepted and answered, or the time is up. */
  async finish(patienceMs: number): Promise<Verdict> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      if (this.#running === undefined || this.#hasEnded) {
        const running = this.start();
        this.#hasEnded = false;
        void running.ended.then(() => (this.#hasEnded = true));
        await running.waitForOut("\n").catch(() => {});
      }
      const verdict = await this.#judge().catch(() => undefined);
      const isDone =
        verdict !== undefined &&
        verdict.accepted === this.#allowed &&
        verdict.lost.length <= verdict.setAside;
      if (verdict !== undefined && (isDone || performance.now() > deadline)) return verdict;
      if (performance.now() > deadline + 20_000) throw new Error("the gateway does not come up again");
      await Bun.sleep(50);
    }
  }

  /** For whoever looks into a loss: what the database holds of it. */
  explain(mark: string): string {
    const message = this.bench.query(
      `SELECT id, state, reason, attempts, turn_id FROM messages WHERE body LIKE '%"${mark}"%'`,
    );
    const turn = Number(message[0]?.["turn_id"] ?? 0);
    return JSON.stringify({
      message,
      turn: this.bench.query(`SELECT id, state, reason FROM turns WHERE id = ${turn}`),
      replies: this.bench.query(
        `SELECT id, key, state, attempts, unknowns, reason, text FROM replies WHERE turn_id = ${turn}`,
      ),
    });
  }

  #hasEnded = true;

  async #judge(): Promise<Verdict> {
    return judge(this.accepted, await this.shown());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    this.#wake.resolve();
    this.#running?.kill("SIGKILL");
    await this.#running?.ended;
    await Promise.all(this.#senders);
    await this.platform[Symbol.asyncDispose]();
    await this.bench[Symbol.asyncDispose]();
  }

  /** One message after the other; each with its id, until it is acknowledged. */
  async #sendAll(chat: number): Promise<void> {
    for (let n = 0; !this.#over.signal.aborted;) {
      if (this.#begun >= this.#allowed) {
        await this.#wake.promise;
        continue;
      }
      this.#begun++;
      const text = toMark(chat, n);
      const body = JSON.stringify({
        chat: `c${chat}`,
        ...(this.#hasGroups ? { group: `c${chat}` } : {}),
        id: text,
        text,
      });
      while (!this.#over.signal.aborted) {
        const response = await this.#fetch("/api/messages", { method: "POST", body }).catch(() => undefined);
        if (response?.ok === true) {
          this.#accepted.set(`c${chat}`, [...(this.#accepted.get(`c${chat}`) ?? []), text]);
          break;
        }
        await Bun.sleep(10);
      }
      n++;
    }
  }

  #fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.#port}${path}`, {
      ...init,
      headers: { authorization: "Bearer the-token-of-the-flow" },
      signal: AbortSignal.any([this.#over.signal, AbortSignal.timeout(5000)]),
    });
  }
}

/** As a service manager does it; strace, which passes no signal on, is gone round. */
export async function terminate(running: RunningProgram, isTraced: boolean): Promise<void> {
  if (!isTraced) return running.kill("SIGTERM");
  const children = await Bun.file(`/proc/${running.pid}/task/${running.pid}/children`)
    .text()
    .catch(() => "");
  for (const pid of children.split(" ").filter(Boolean).map(Number)) {
    try {
      process.kill(pid, "SIGTERM");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function findFreePort(): number {
  const server = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: () => {} } });
  const { port } = server;
  server.stop(true);
  return port;
}
