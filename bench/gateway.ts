import { Database } from "bun:sqlite";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { BenchRow } from "./row.ts";
import { at, readMemory, toFigures, toFixed } from "./figures.ts";
import { dropCached } from "./measure.ts";
import { toWhole, type Share } from "./share.ts";

const token = "bench";
const many = 1_000_000;

/** The gateway as a process of its own, with a model in this one that notes when it was asked. */
export async function measureGateway(
  program: string,
  folder: string,
  rounds: number,
): Promise<readonly BenchRow[]> {
  await using bench = await GatewayBench.open(program, folder);
  await dropCached(program);
  const starts: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < Math.max(5, Math.round(rounds / 4)); round++) {
    starts.push(await bench.start());
    await Bun.sleep(300);
    memory.push(await bench.memoryMb());
    await bench.stop();
  }
  await bench.start();
  const alone = await bench.share(1, rounds * 5, 0);
  // Each group has a message every few seconds: more at once would measure how they wait for a place.
  const busy = await bench.share(100, 10, 4000);
  const accepted = await bench.accept(100, 3000);
  await bench.stop();
  const empty = await bench.recover(9);
  bench.fill(many);
  const full = await bench.recover(9);
  await bench.start();
  // In a conversation that has just begun, as the first was: what a group has said counts, not what is stored of others.
  const fullAlone = await bench.share(1, rounds * 5, 0, 100);
  await bench.stop();
  return [
    { name: "gateway start", unit: "ms", figures: toFigures(starts), budget: { most: 100 } },
    { name: "gateway idle, memory", unit: "MB", figures: toFigures(memory), budget: { most: 45 } },
    ...toRows("own share, 1 group", alone),
    ...toRows("own share, 100 busy groups", busy),
    { name: "messages accepted", unit: "per s", figures: toFixed(accepted), budget: { least: 500 } },
    { name: "recovery, empty", unit: "ms", figures: toFigures(empty), budget: { most: 2000 } },
    {
      name: "recovery, 1,000,000 rows",
      unit: "ms",
      figures: toFigures(full),
      budget: { timesFloor: 1.2 },
      floor: { name: "empty", figures: toFigures(empty) },
    },
    {
      name: "own share, 1,000,000 rows",
      unit: "ms",
      figures: toFigures(toWhole(fullAlone)),
      budget: { timesFloor: 1.2 },
      floor: { name: "without them", figures: toFigures(toWhole(alone)) },
    },
  ];
}

function toRows(name: string, share: Share): readonly BenchRow[] {
  const both = toWhole(share);
  return [
    { name: `${name}, p50`, unit: "ms", figures: toFigures(both), budget: { most: 5 } },
    { name: `${name}, p99`, unit: "ms", figures: toFixed(at(both, 0.99)), budget: { most: 25 } },
  ];
}

class GatewayBench implements AsyncDisposable {
  readonly #program: string;
  readonly #home: string;
  readonly #model: Bun.Server<undefined>;
  readonly #asked = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  #arrival = Promise.withResolvers<void>();
  #child: Bun.Subprocess<"ignore", "pipe", "inherit"> | undefined;
  #address = "";
  #next = 0;

  static async open(program: string, folder: string): Promise<GatewayBench> {
    const home = join(folder, "state");
    await mkdir(home, { recursive: true, mode: 0o700 });
    return new GatewayBench(program, home);
  }

  constructor(program: string, home: string) {
    this.#program = program;
    this.#home = home;
    this.#model = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => this.#answer(request) });
  }

  /** Milliseconds until it says that it is ready. */
  async start(): Promise<number> {
    const config = {
      providers: { anthropic: { apiKey: "bench", apiBase: `http://127.0.0.1:${this.#model.port}` } },
      agents: { defaults: { model: "anthropic/bench" } },
      gateway: { port: 0, token },
    };
    await Bun.write(join(this.#home, "config.json"), JSON.stringify(config), { mode: 0o600 });
    const began = performance.now();
    this.#child = Bun.spawn([this.#program, "gateway", "--json"], {
      env: { HOME: this.#home, NANOCLAW_HOME: this.#home, PATH: "/usr/bin:/bin" },
      cwd: this.#home,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    for await (const chunk of this.#child.stdout) {
      const ms = performance.now() - began;
      const ready: unknown = JSON.parse(new TextDecoder().decode(chunk));
      this.#address =
        typeof ready === "object" && ready !== null && "address" in ready ? String(ready.address) : "";
      return ms;
    }
    throw new Error("the gateway did not start");
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.#child?.kill(signal);
    await this.#child?.exited;
  }

  async memoryMb(): Promise<number> {
    return await readMemory(this.#child?.pid);
  }

  /**
   * Chats that each write again when they have been answered, after a pause of at most so long. Each is that of a group of its own,
   * counted from `first`. What is after the model begins with its last byte.
   */
  async share(chats: number, each: number, pauseMs: number, first = 0): Promise<Share> {
    const before: number[] = [];
    const after: number[] = [];
    await this.#groups(first + chats);
    await Promise.all(
      Array.from({ length: chats }, async (_, index) => {
        const chat = first + index;
        for (let n = -2; n < each; n++) {
          const mark = `mark${this.#next++}x`;
          await Bun.sleep(Math.random() * pauseMs);
          const began = performance.now();
          await this.#post({ text: mark, wait: 60, chat: `g${chat}`, group: `g${chat}` });
          const ended = performance.now();
          if (n < 0) continue;
          before.push((this.#asked.get(mark) ?? Number.NaN) - began);
          after.push(ended - (this.#answered.get(mark) ?? Number.NaN));
        }
      }),
    );
    return { before, after };
  }

  /** Per second, from so many clients at once, of messages that nobody need answer. */
  async accept(clients: number, count: number): Promise<number> {
    let left = count;
    const began = performance.now();
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        while (left-- > 0) {
          await this.#post({ text: "hello", chat: `room${client}`, group: "g0", isPrivate: false });
        }
      }),
    );
    return (count / (performance.now() - began)) * 1000;
  }

  /** From the start to the model's being asked what a process that was killed had left. */
  async recover(times: number): Promise<readonly number[]> {
    const samples: number[] = [];
    for (let round = 0; round < times; round++) {
      await this.start();
      const mark = `mark${this.#next++}x`;
      // Accepted, and the process is gone before the model has answered.
      this.#isSilent = true;
      await this.#post({ text: mark });
      while (!this.#asked.has(mark)) await this.#arrival.promise;
      await this.stop("SIGKILL");
      this.#asked.delete(mark);
      this.#isSilent = false;
      const began = performance.now();
      await this.start();
      while (!this.#asked.has(mark)) await this.#arrival.promise;
      samples.push((this.#asked.get(mark) ?? Number.NaN) - began);
      await this.stop();
    }
    return samples;
  }

  #isSilent = false;

  /** Messages and replies of years past. */
  fill(count: number): void {
    const database = new Database(join(this.#home, "nanoclaw.db"));
    database.run("PRAGMA synchronous = OFF");
    const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})`;
    database.run(`INSERT INTO messages (chat_id, message, person_id, person_kind, group_id, state, body, received_at, ended_at)
      ${numbers} SELECT 1, 'old' || i, 1, 'owner', 1, 'answered', '{"text":"what was said long ago"}', i, i FROM n`);
    database.run(`INSERT INTO replies (key, chat_id, group_id, message_id, kind, text, state, created_at, ended_at)
      ${numbers} SELECT 'old' || i, 1, 1, NULL, 'answer', 'what was answered long ago', 'sent', i, i FROM n`);
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
    await this.#model.stop(true);
  }

  async #groups(count: number): Promise<void> {
    for (let group = 0; group < count; group++) {
      if (await Bun.file(join(this.#home, `groups/g${group}/AGENTS.md`)).exists()) continue;
      const argv = [this.#program, "groups", "add", `g${group}`];
      const env = { HOME: this.#home, NANOCLAW_HOME: this.#home, PATH: "/usr/bin:/bin" };
      await Bun.spawn(argv, { env, cwd: this.#home, stdout: "ignore", stderr: "ignore" }).exited;
    }
  }

  async #post(body: Readonly<Record<string, unknown>>): Promise<void> {
    const response = await fetch(`${this.#address}/api/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the gateway refused a message: ${text}`);
  }

  async #answer(request: Request): Promise<Response> {
    const text = await request.text();
    const mark = text.match(/mark\d+x/g)?.at(-1) ?? "";
    this.#asked.set(mark, performance.now());
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers();
    if (this.#isSilent)
      await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
    const usage = {
      input_tokens: 1,
      output_tokens: 1,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
    };
    const message = {
      id: "m",
      type: "message",
      role: "assistant",
      model: "bench",
      content: [],
      stop_reason: null,
      usage,
    };
    const events = [
      { type: "message_start", message },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Yes." } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage },
      { type: "message_stop" },
    ];
    const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
    this.#answered.set(mark, performance.now());
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }
}
