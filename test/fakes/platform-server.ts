import type { Delivered } from "./gateway-ledger.ts";
import { createRandom } from "./random.ts";

export interface PlatformFaults {
  /** Of sends: accepted, and the answer never leaves. */
  readonly loseAnswer?: number;
  /** Of sends: the connection ends before anything is accepted. */
  readonly dropSend?: number;
  /** Of sends: asked to wait for 50 ms. */
  readonly slowDown?: number;
  /** Of updates: handed out again though they were acknowledged. */
  readonly repeatUpdate?: number;
  /** Of answers to a poll: in another order. */
  readonly reorder?: number;
  /** Of all requests: this late. */
  readonly delay?: { readonly part: number; readonly ms: number };
}

interface Update {
  readonly id: number;
  readonly chat: string;
  readonly text: string;
  readonly from?: PlatformSender;
}

/** Who writes, where it is not the owner in private. */
export interface PlatformSender {
  readonly id: string;
  readonly name?: string;
  readonly isPrivate: boolean;
  readonly title?: string;
}

/**
 * A chat platform on loopback as Telegram is one: updates are kept until they are acknowledged by the next poll's offset,
 * and a send is not idempotent unless the platform is told to be.
 */
export class PlatformServer implements AsyncDisposable {
  readonly shown: Delivered[] = [];
  readonly port: number;
  readonly isIdempotent: boolean;
  faults: PlatformFaults = {};
  /** Sends of which whoever sent could not know whether they arrived. */
  unknownSends = 0;
  #server: Bun.Server<undefined> | undefined;
  #updates: Update[] = [];
  readonly #acknowledged: Update[] = [];
  #nextId = 1;
  #news = Promise.withResolvers<void>();
  readonly #random: () => number;

  constructor({ isIdempotent, seed }: { readonly isIdempotent: boolean; readonly seed: number }) {
    this.isIdempotent = isIdempotent;
    this.#random = createRandom(seed);
    this.#server = this.#listen(0);
    this.port = this.#server.port ?? 0;
  }

  /** A person writes. */
  say(chat: string, text: string, from?: PlatformSender): void {
    const update = { id: this.#nextId++, chat, text };
    this.#updates.push(from === undefined ? update : { ...update, from });
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** What the program has acknowledged, by chat. */
  get accepted(): ReadonlyMap<string, readonly string[]> {
    const marks = new Map<string, string[]>();
    for (const { chat, text } of this.#acknowledged) marks.set(chat, [...(marks.get(chat) ?? []), text]);
    return marks;
  }

  forget(): void {
    this.shown.length = 0;
    this.#acknowledged.length = 0;
  }

  get unacknowledged(): number {
    return this.#updates.length;
  }

  /** Nobody answers at its address any more. */
  async goAway(): Promise<void> {
    await this.#server?.stop(true);
    this.#server = undefined;
  }

  comeBack(): void {
    this.#server ??= this.#listen(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
  }

  #listen(port: number): Bun.Server<undefined> {
    return Bun.serve({
      hostname: "127.0.0.1",
      port,
      idleTimeout: 0,
      fetch: async (request) => {
        const { delay } = this.faults;
        if (delay !== undefined && this.#random() < delay.part) await Bun.sleep(delay.ms * this.#random());
        const url = new URL(request.url);
        if (url.pathname === "/updates")
          return await this.#poll(Number(url.searchParams.get("offset")), request.signal);
        return this.#send(parseSend(await request.json()));
      },
    });
  }

  async #poll(offset: number, signal: AbortSignal): Promise<Response> {
    const taken = this.#updates.filter(({ id }) => id < offset);
    this.#acknowledged.push(...taken);
    this.#updates = this.#updates.filter(({ id }) => id >= offset);
    if (this.#updates.length === 0) {
      const gone = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      await Promise.race([this.#news.promise, gone, Bun.sleep(2000)]);
    }
    const updates = this.#updates.slice(0, 20);
    const old = this.#acknowledged.at(-1);
    if (old !== undefined && this.#random() < (this.faults.repeatUpdate ?? 0)) updates.unshift(old);
    if (this.#random() < (this.faults.reorder ?? 0)) updates.reverse();
    return Response.json({ updates });
  }

  #send({ chat, key, text }: Delivered): Response {
    const { dropSend = 0, loseAnswer = 0, slowDown = 0 } = this.faults;
    if (this.#random() < slowDown) return Response.json({ retryAfterMs: 50 }, { status: 429 });
    const cut = (): Response => {
      this.unknownSends++;
      return new Response("", { status: 502 });
    };
    if (this.#random() < dropSend) return cut();
    const isKnown = this.isIdempotent && this.shown.some((each) => each.key === key && each.chat === chat);
    if (!isKnown) this.shown.push({ chat, key, text });
    if (this.#random() < loseAnswer) return cut();
    return Response.json({ id: String(this.shown.length) });
  }
}

function parseSend(body: unknown): Delivered {
  const text = (name: string): string =>
    String(
      typeof body === "object" && body !== null ? Object.getOwnPropertyDescriptor(body, name)?.value : "",
    );
  return { chat: text("chat"), key: text("key"), text: text("text") };
}
