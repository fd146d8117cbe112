import { chmodSync, rmSync } from "node:fs";
import type { Socket } from "bun";
import type { Emit } from "../agent/events.ts";
import { AppError, explain, isCancelled } from "../errors.ts";
import type { Log } from "../log.ts";
import {
  controlVersion,
  ControlLink,
  isClientFrame,
  toHandlers,
  type ClientFrame,
  type ServerFrame,
} from "./control-link.ts";

/** What a call can do besides returning. */
export interface CallContext {
  readonly emit: Emit;
  /** Asks whoever attached; rejects when he has gone. */
  readonly ask: (name: string, ...args: readonly unknown[]) => Promise<unknown>;
  readonly tell: (text: string) => void;
  /** Aborts when the call is cancelled or its connection is gone. */
  readonly signal: AbortSignal;
}

/** What one connection can call, for as long as it lasts. */
export interface ControlSession extends AsyncDisposable {
  call(name: string, args: readonly unknown[], context: CallContext): Promise<unknown>;
}

export interface ControlServerOptions {
  readonly path: string;
  readonly openSession: () => ControlSession;
  readonly log: Log;
}

/** The socket through which the owner's own programs speak with the gateway: mode 0600, in a folder of mode 0700. */
export class ControlServer implements AsyncDisposable {
  readonly #options: ControlServerOptions;
  readonly #connections = new Map<Socket, Connection>();
  readonly #listener: Bun.UnixSocketListener<undefined>;

  /** The caller is the folder's one gateway: what stands at the path was left by one that died. */
  constructor(options: ControlServerOptions) {
    this.#options = options;
    rmSync(options.path, { force: true });
    this.#listener = Bun.listen({
      unix: options.path,
      socket: {
        ...toHandlers<ServerFrame>((socket) => this.#connections.get(socket)?.link),
        open: (socket) => this.#accept(socket),
      },
    });
    chmodSync(options.path, 0o600);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.stop(true);
    rmSync(this.#options.path, { force: true });
    await Promise.all([...this.#connections.values()].map((connection) => connection.end()));
  }

  #accept(socket: Socket): void {
    const connection = new Connection(this.#options.openSession(), this.#options.log);
    this.#connections.set(socket, connection);
    void connection.link.closed.then(async () => {
      this.#connections.delete(socket);
      await connection.end();
    });
    connection.link.opened(socket);
    connection.link.send({ type: "hello", version: controlVersion, pid: process.pid });
  }
}

class Connection {
  readonly link: ControlLink<ServerFrame>;
  readonly #session: ControlSession;
  readonly #log: Log;
  readonly #calls = new Map<number, { readonly stop: AbortController; readonly over: Promise<void> }>();
  readonly #asks = new Map<number, (value: unknown) => void>();
  readonly #gone = new AbortController();
  #nextAsk = 1;

  constructor(session: ControlSession, log: Log) {
    this.#session = session;
    this.#log = log;
    this.link = new ControlLink((frame) => {
      if (isClientFrame(frame)) this.#receive(frame);
    });
  }

  /** Ends what runs for it. */
  async end(): Promise<void> {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort(new AppError("cancelled", "Whoever asked has gone."));
    this.link.end();
    await Promise.all([...this.#calls.values()].map(({ over }) => over));
    await this.#session[Symbol.asyncDispose]();
  }

  #receive(frame: ClientFrame): void {
    switch (frame.type) {
      case "call": {
        const stop = new AbortController();
        const over = this.#run(frame, AbortSignal.any([stop.signal, this.#gone.signal]));
        this.#calls.set(frame.id, { stop, over });
        return;
      }
      case "cancel":
        return this.#calls.get(frame.id)?.stop.abort(new AppError("cancelled", "Stopped."));
      case "answer":
        this.#asks.get(frame.ask)?.(frame.value);
        this.#asks.delete(frame.ask);
        return;
      default:
        frame satisfies never;
    }
  }

  async #run({ id, name, args }: ClientFrame & { type: "call" }, signal: AbortSignal): Promise<void> {
    try {
      const context: CallContext = {
        emit: (event) => this.link.send({ type: "event", id, event }),
        ask: (question, ...facts) => this.#ask(id, question, facts, signal),
        tell: (text) => this.link.send({ type: "tell", text }),
        signal,
      };
      const value = await this.#session.call(name, args, context);
      this.link.send({ type: "result", id, value });
    } catch (error) {
      const code = error instanceof AppError ? error.code : isCancelled(error) ? "cancelled" : "bug";
      if (code === "bug") this.#log.error("a call over the control socket failed", { name, error });
      this.link.send({ type: "error", id, error: { code, ...explain(error) } });
    } finally {
      this.#calls.delete(id);
    }
  }

  #ask(id: number, name: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const ask = this.#nextAsk++;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#asks.set(ask, resolve);
      this.link.send({ type: "ask", id, ask, name, args });
    });
  }
}
