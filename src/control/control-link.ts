import type { Socket } from "bun";
import type { AgentEvent } from "../agent/events.ts";
import type { Saying } from "../words/define-words.ts";

/** Counts up when a frame changes its meaning; new calls do not count. */
export const controlVersion = 1;

/** From whoever attaches. Every call has an id of its own; what belongs to it carries that. */
export type ClientFrame =
  | { readonly type: "call"; readonly id: number; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: "cancel"; readonly id: number }
  | { readonly type: "answer"; readonly ask: number; readonly value: unknown };

/** From the gateway. An `ask` is answered by an `answer`. */
export type ServerFrame =
  | { readonly type: "hello"; readonly version: number; readonly pid: number }
  | { readonly type: "event"; readonly id: number; readonly event: AgentEvent }
  | { readonly type: "tell"; readonly text: string }
  | {
      readonly type: "ask";
      readonly id: number;
      readonly ask: number;
      readonly name: string;
      readonly args: readonly unknown[];
    }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "error"; readonly id: number; readonly error: Failure };

export interface Failure extends Saying {
  readonly code: string;
}

/** A picture or two; a line that is longer is no frame of ours. */
const longestLine = 64_000_000;

/** Frames over a socket, one JSON text a line. Dates survive. */
export class ControlLink<Out> {
  readonly #onFrame: (frame: unknown) => void;
  readonly #decoder = new TextDecoder();
  #socket: Socket | undefined;
  #unsent: Uint8Array = new Uint8Array(0);
  #partial = "";
  readonly closed: Promise<void>;
  #close: () => void = () => {};

  constructor(onFrame: (frame: unknown) => void) {
    this.#onFrame = onFrame;
    this.closed = new Promise((resolve) => (this.#close = resolve));
  }

  opened(socket: Socket): void {
    this.#socket = socket;
    this.drain();
  }

  send(frame: Out): void {
    const line = Buffer.from(`${JSON.stringify(frame, encode)}\n`);
    this.#unsent = this.#unsent.length === 0 ? line : Buffer.concat([this.#unsent, line]);
    this.drain();
  }

  drain(): void {
    if (this.#socket === undefined || this.#unsent.length === 0) return;
    const sent = this.#socket.write(this.#unsent);
    if (sent > 0) this.#unsent = this.#unsent.subarray(sent);
  }

  receive(bytes: Uint8Array): void {
    const lines = (this.#partial + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#partial = lines.pop() ?? "";
    if (this.#partial.length > longestLine) return this.end();
    for (const line of lines) {
      let frame: unknown;
      try {
        frame = JSON.parse(line, decode);
      } catch {
        return this.end();
      }
      this.#onFrame(frame);
    }
  }

  end(): void {
    this.#socket?.end();
    this.lost();
  }

  lost(): void {
    this.#socket = undefined;
    this.#close();
  }
}

/** What Bun's sockets call. */
export interface SocketHandlers {
  data(socket: Socket, bytes: Uint8Array): void;
  drain(socket: Socket): void;
  close(socket: Socket): void;
  error(socket: Socket): void;
}

/** For the link that `find` knows a socket by. */
export function toHandlers<Out>(find: (socket: Socket) => ControlLink<Out> | undefined): SocketHandlers {
  return {
    data: (socket, bytes) => find(socket)?.receive(bytes),
    drain: (socket) => find(socket)?.drain(),
    close: (socket) => find(socket)?.lost(),
    error: (socket) => find(socket)?.lost(),
  };
}

function encode(this: unknown, key: string, value: unknown): unknown {
  // By now `value` is what `toJSON` made of a date.
  const raw: unknown =
    typeof this === "object" && this !== null ? Object.getOwnPropertyDescriptor(this, key)?.value : value;
  return raw instanceof Date ? { $date: raw.getTime() } : value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("$date" in value)) return value;
  return typeof value.$date === "number" ? new Date(value.$date) : value;
}

/** Both ends are this program, and the first frame has compared their versions: the rest is what the other wrote. */
export function isClientFrame(value: unknown): value is ClientFrame {
  return isOneOf(value, ["call", "cancel", "answer"]);
}

export function isServerFrame(value: unknown): value is ServerFrame {
  return isOneOf(value, ["hello", "event", "tell", "ask", "result", "error"]);
}

function isOneOf(value: unknown, types: readonly string[]): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "type" in value &&
    typeof value.type === "string" &&
    types.includes(value.type)
  );
}
