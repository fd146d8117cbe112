import type { AgentEvent } from "../agent/events.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import { gatewayWords } from "../words/english/gateway.ts";
import {
  controlVersion,
  ControlLink,
  isServerFrame,
  toHandlers,
  type ClientFrame,
  type Failure,
  type ServerFrame,
} from "./control-link.ts";

export interface CallOptions {
  readonly onEvent?: (event: AgentEvent) => void | Promise<void>;
  readonly onAsk?: (name: string, args: readonly unknown[]) => Promise<unknown>;
  readonly signal?: AbortSignal;
}

interface Call extends CallOptions {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Events are shown one after the other, and all of them before the call ends. */
  shown: Promise<void>;
}

/** It greets as soon as somebody comes, however busy it is. */
const greetingMs = 5_000;

/** A connection to the gateway that runs. */
export class ControlClient implements Disposable {
  readonly #link: ControlLink<ClientFrame>;
  readonly #calls = new Map<number, Call>();
  readonly #tell: (text: string) => void;
  readonly #greeting = Promise.withResolvers<void>();
  #lost: AppError | undefined;
  #nextCall = 1;

  /**
   * Undefined: no gateway listens there. Throws `AppError("conflict")` for one of another version, and
   * `AppError("network")` for one that hangs.
   */
  static async connect(
    path: string,
    tell: (text: string) => void,
    patienceMs: number = greetingMs,
  ): Promise<ControlClient | undefined> {
    const client = new ControlClient(tell);
    try {
      // oxlint-disable-next-line no-restricted-properties -- a socket in the owner's own folder, no network
      await Bun.connect({
        unix: path,
        socket: { ...toHandlers(() => client.#link), open: (socket) => client.#link.opened(socket) },
      });
    } catch {
      // Nobody there: what stands at the path was left by one that died.
      return undefined;
    }
    const silence = setTimeout(() => client.#giveUp(), patienceMs);
    try {
      await client.#greeting.promise;
    } finally {
      clearTimeout(silence);
    }
    return client;
  }

  private constructor(tell: (text: string) => void) {
    this.#tell = tell;
    this.#link = new ControlLink((frame) => {
      if (isServerFrame(frame)) this.#receive(frame);
    });
    void this.#link.closed.then(() => this.#lose());
  }

  /** Resolves when the connection is gone, for whatever reason. */
  get closed(): Promise<void> {
    return this.#link.closed;
  }

  call(name: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    const id = this.#nextCall++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#calls.set(id, { ...options, resolve, reject, shown: Promise.resolve() });
    const cancel = (): void => this.#link.send({ type: "cancel", id });
    this.#link.send({ type: "call", id, name, args });
    if (options.signal?.aborted === true) cancel();
    options.signal?.addEventListener("abort", cancel, { once: true });
    return promise.finally(() => {
      options.signal?.removeEventListener("abort", cancel);
      this.#calls.delete(id);
    });
  }

  [Symbol.dispose](): void {
    this.#link.end();
  }

  #giveUp(): void {
    this.#greeting.reject(new AppError("network", gatewayWords.silent()));
    this.#link.end();
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "hello":
        if (frame.version === controlVersion) return this.#greeting.resolve();
        this.#greeting.reject(
          new AppError(
            "conflict",
            gatewayWords.otherVersion({ ours: controlVersion, theirs: frame.version }),
          ),
        );
        return this.#link.end();
      case "tell":
        return this.#tell(frame.text);
      case "event": {
        const call = this.#calls.get(frame.id);
        if (call !== undefined)
          call.shown = call.shown.then(() => call.onEvent?.(frame.event)).catch(call.reject);
        return;
      }
      case "ask":
        return void this.#answer(frame);
      case "result": {
        const call = this.#calls.get(frame.id);
        return void call?.shown.then(() => call.resolve(frame.value));
      }
      case "error": {
        const call = this.#calls.get(frame.id);
        return void call?.shown.then(() => call.reject(toError(frame.error)));
      }
      default:
        frame satisfies never;
    }
  }

  async #answer({ id, ask, name, args }: ServerFrame & { type: "ask" }): Promise<void> {
    const call = this.#calls.get(id);
    try {
      const value = await call?.onAsk?.(name, args);
      this.#link.send({ type: "answer", ask, value });
    } catch (error) {
      // The question is given up with the call that asked it.
      this.#link.send({ type: "cancel", id });
      call?.reject(error);
    }
  }

  #lose(): void {
    const lost = new AppError("network", gatewayWords.lost());
    this.#lost = lost;
    this.#greeting.reject(lost);
    this.#greeting.promise.catch(() => {});
    for (const call of this.#calls.values()) call.reject(lost);
  }
}

/** As it was thrown over there, with its sentence in every language. */
function toError({ code, message, hint, words }: Failure): Error {
  if (!isErrorCode(code)) return new Error(message);
  return new AppError(code, {
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(words === undefined ? {} : { words }),
  });
}

/** What is no code of ours was a bug over there. */
function isErrorCode(code: string): code is ErrorCode {
  return code !== "bug";
}
