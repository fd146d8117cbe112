import { ProgramBench, type BenchOptions, type RunningProgram, type RunOptions } from "./program-bench.ts";

export interface SentReply {
  readonly id: number;
  readonly kind: string;
  readonly text: string;
  readonly answers?: string;
}

export interface Posted {
  readonly status: number;
  readonly message?: number;
  readonly isNew?: boolean;
  readonly replies?: readonly SentReply[];
  readonly error?: string;
}

const token = "the-token-of-the-bench";

/** The whole program as `nanoclaw gateway`, on a machine of its own, and what clients of its HTTP channel do. */
export class GatewayProgram implements AsyncDisposable {
  readonly bench: ProgramBench;
  #running: RunningProgram | undefined;
  #address = "";

  static async open(options: BenchOptions = {}): Promise<GatewayProgram> {
    const bench = await ProgramBench.open({
      ...options,
      config: { gateway: { port: 0, token }, ...options.config },
    });
    return new GatewayProgram(bench);
  }

  constructor(bench: ProgramBench) {
    this.bench = bench;
  }

  get running(): RunningProgram {
    if (this.#running === undefined) throw new Error("the gateway was not started");
    return this.#running;
  }

  get address(): string {
    return this.#address;
  }

  /** Resolves when it says that it is ready; with how long that took, by its own clock. */
  async start(options: RunOptions = {}): Promise<number> {
    this.#running = this.bench.start(["gateway", "--json", "--logs"], options);
    await this.#running.waitForOut("\n");
    const ready: unknown = JSON.parse(this.#running.out.split("\n")[0] ?? "");
    this.#address = String(field(ready, "address"));
    return Number(field(ready, "readyMs"));
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    this.running.kill(signal);
    return (await this.running.ended).code;
  }

  /** `channels add NAME` with what is pasted: by which link or code somebody becomes its owner. */
  async add(
    name: string,
    tokens: string,
    options: RunOptions = {},
  ): Promise<{ readonly link: string; readonly code: string }> {
    const argv = ["channels", "add", name, "--token-stdin", "--json"];
    const { out } = await this.bench.run(argv, { ...options, stdin: tokens });
    return JSON.parse(out) as { readonly link: string; readonly code: string };
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...Object.fromEntries(new Headers(init.headers)),
    };
    return await fetch(`${this.#address}${path}`, { ...init, headers });
  }

  async post(body: Readonly<Record<string, unknown>> | string): Promise<Posted> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await this.request("/api/messages", { method: "POST", body: text });
    const answered: unknown = await response.json();
    return { status: response.status, ...(typeof answered === "object" ? answered : {}) };
  }

  /** Says it and waits for what is answered. */
  async ask(text: string, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const { replies, error, status } = await this.post({ text, wait: 20, ...more });
    return replies?.map((reply) => reply.text).join("\n") ?? error ?? String(status);
  }

  async replies(chat = "default"): Promise<readonly SentReply[]> {
    const response = await this.request(`/api/replies?chat=${encodeURIComponent(chat)}`);
    const { replies } = (await response.json()) as { replies: readonly SentReply[] };
    return replies;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
}
