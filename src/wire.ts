import type { Socket, SocketHandler } from "bun";

/** What may wait unread before the sender is made to wait. */
const highWater = 256 * 1024;

/** A socket that is read and written at one's own pace: neither side is read faster than the other takes it. */
export class Wire implements Disposable {
  readonly #socket: Socket<WireState>;
  readonly #state: WireState;

  private constructor(socket: Socket<WireState>) {
    this.#socket = socket;
    this.#state = socket.data;
  }

  static of(socket: Socket<WireState>): Wire {
    return new Wire(socket);
  }

  /** Resolves when neither side can say anything more. */
  get closed(): Promise<void> {
    return this.#state.closed.promise;
  }

  /** The next bytes; nothing at the end of them. One reader at a time. */
  async read(): Promise<Uint8Array | undefined> {
    const state = this.#state;
    while (state.chunks.length === 0 && !state.hasEnded) await state.wait("readable");
    const chunk = state.chunks.shift();
    state.waiting -= chunk?.length ?? 0;
    if (state.isPaused && state.waiting < highWater) {
      state.isPaused = false;
      this.#socket.resume();
    }
    return chunk;
  }

  /** Puts back what was read too much. */
  unread(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#state.chunks.unshift(chunk);
    this.#state.waiting += chunk.length;
  }

  /** Resolves when the system has taken all of it; false when nobody takes it any more. */
  async write(bytes: Uint8Array | string): Promise<boolean> {
    let rest = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    while (rest.length > 0) {
      if (this.#state.isClosed) return false;
      const taken = this.#socket.write(rest);
      if (taken < 0) return false;
      rest = rest.subarray(taken);
      if (rest.length > 0) await this.#state.wait("writable");
    }
    return !this.#state.isClosed;
  }

  /** Says that no more is coming; the other side may still answer. */
  end(): void {
    const state = this.#state;
    if (state.isClosed || state.hasSaidEnd) return;
    state.hasSaidEnd = true;
    // When both sides have said it the system does not close it for us.
    if (state.hasEnded) this.#socket.end();
    else this.#socket.shutdown();
  }

  [Symbol.dispose](): void {
    if (!this.#state.isClosed) this.#socket.terminate();
  }
}

/** What a `Wire` needs from `Bun.listen` and `Bun.connect`; `open` is handed each one that a listener accepts. */
export function toWireHandler(open: (wire: Wire) => void = () => {}): SocketHandler<WireState> {
  return {
    binaryType: "uint8array",
    open(socket) {
      socket.data = new WireState();
      open(Wire.of(socket));
    },
    data(socket, chunk) {
      const { data } = socket;
      data.chunks.push(new Uint8Array(chunk));
      data.waiting += chunk.length;
      if (data.waiting >= highWater && !data.isPaused) {
        data.isPaused = true;
        socket.pause();
      }
      data.wake("readable");
    },
    drain: ({ data }) => data.wake("writable"),
    end(socket) {
      socket.data.finish();
      if (socket.data.hasSaidEnd) socket.end();
    },
    error: ({ data }) => data.close(),
    close: ({ data }) => data.close(),
  };
}

/** What one socket's events leave behind for its reader and writer. */
class WireState {
  readonly chunks: Uint8Array[] = [];
  waiting = 0;
  isPaused = false;
  hasEnded = false;
  hasSaidEnd = false;
  isClosed = false;
  readonly closed = Promise.withResolvers<void>();
  readonly #wakers = new Map<"readable" | "writable", () => void>();

  wait(what: "readable" | "writable"): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wakers.set(what, resolve);
    return promise;
  }

  wake(what: "readable" | "writable"): void {
    this.#wakers.get(what)?.();
    this.#wakers.delete(what);
  }

  finish(): void {
    this.hasEnded = true;
    this.wake("readable");
  }

  close(): void {
    this.isClosed = true;
    this.closed.resolve();
    this.finish();
    this.wake("writable");
  }
}
