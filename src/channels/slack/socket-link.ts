import type { Clock } from "../../clock.ts";
import type { DialGuard } from "../../egress/dial.ts";
import { openTextSocket, type TextSocket } from "../../egress/text-socket.ts";
import { AppError } from "../../errors.ts";
import { slackWords } from "../../words/english/slack.ts";
import { toCallFailure } from "../call-failure.ts";

export interface LinkPace {
  /** An open socket is asked for a sign of life so often. */
  readonly pingMs: number;
  /** So much later one must have come: what stays silent longer is a connection that is none any more. */
  readonly graceMs: number;
  /** Until it has been greeted. */
  readonly helloMs: number;
}

/** What comes over a socket, taken apart no further than its frame. */
export interface Frame {
  readonly type: string;
  readonly envelope?: string;
  readonly payload: unknown;
  readonly reason?: string;
}

export interface LinkOptions {
  readonly address: string;
  readonly guard: DialGuard;
  readonly clock: Clock;
  readonly pace: LinkPace;
  readonly onFrame: (frame: Frame, link: SocketLink) => void;
}

/** One connection of Socket Mode, from its greeting on. What comes is handed over; nothing is acknowledged by itself. */
export class SocketLink implements Disposable {
  /** Resolves with why it is over. Never rejects. */
  readonly closed: Promise<string>;
  readonly #socket: TextSocket;
  readonly #options: LinkOptions;
  readonly #stop = new AbortController();
  readonly #over = Promise.withResolvers<string>();
  readonly #greeted = Promise.withResolvers<void>();

  /** Throws `AppError("network")`: it is not open, or nobody greets. */
  static async open(options: LinkOptions, signal: AbortSignal): Promise<SocketLink> {
    const { address, guard, pace } = options;
    const socket = await openTextSocket(new URL(address), guard, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new AppError("network", slackWords.notReached({ reason: toCallFailure(error).reason }));
    });
    const link = new SocketLink(socket, options);
    const late = AbortSignal.any([signal, AbortSignal.timeout(pace.helloMs)]);
    const abort = (): void => link.#finish("nobody greets");
    late.addEventListener("abort", abort, { once: true });
    if (late.aborted) abort();
    const reason = await Promise.race([link.#greeted.promise, link.closed]);
    late.removeEventListener("abort", abort);
    signal.throwIfAborted();
    if (typeof reason === "string") throw new AppError("network", slackWords.notReached({ reason }));
    void link.#watch();
    return link;
  }

  private constructor(socket: TextSocket, options: LinkOptions) {
    this.#socket = socket;
    this.#options = options;
    this.closed = this.#over.promise;
    void this.#read();
  }

  get isOpen(): boolean {
    return !this.#stop.signal.aborted;
  }

  /** Says that an envelope is ours now; false where there is no connection to say it on. */
  acknowledge(envelope: string): boolean {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify({ envelope_id: envelope }));
    return true;
  }

  [Symbol.dispose](): void {
    this.#finish("it was given up");
  }

  async #read(): Promise<void> {
    for (;;) {
      const text = await this.#socket.read();
      if (text === undefined || !this.isOpen) break;
      const frame = parseFrame(text);
      if (frame?.type === "hello") this.#greeted.resolve();
      else if (frame !== undefined) this.#options.onFrame(frame, this);
    }
    const { code } = await this.#socket.closed;
    this.#finish(`the connection was closed (${code})`);
  }

  async #watch(): Promise<void> {
    const { clock, pace } = this.#options;
    try {
      while (this.isOpen) {
        await clock.sleep(pace.pingMs, this.#stop.signal);
        const heard = this.#socket.signs;
        this.#socket.ping();
        await clock.sleep(pace.graceMs, this.#stop.signal);
        if (this.#socket.signs === heard) this.#finish("the connection stayed silent");
      }
    } catch {
      // It is over.
    }
  }

  #finish(reason: string): void {
    if (!this.isOpen) return;
    this.#stop.abort();
    this.#socket.close(1000);
    this.#over.resolve(reason);
  }
}

/** Nothing for what is no frame: another version of Slack may say more. */
export function parseFrame(text: string): Frame | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
    const { type, envelope_id: envelope, payload, reason } = value as Readonly<Record<string, unknown>>;
    if (typeof type !== "string") return undefined;
    return {
      type,
      payload,
      ...(typeof envelope === "string" ? { envelope } : {}),
      ...(typeof reason === "string" ? { reason } : {}),
    };
  } catch {
    return undefined;
  }
}
