import { AppError } from "../errors.ts";
import { dialChecked, openWayOut, type DialGuard } from "./dial.ts";

const openMs = 20_000;
/** Nobody can be told to speak slower on a WebSocket: whoever says more than that unread is hung up on. */
const mostUnread = 64 * 1024 * 1024;

export interface SocketEnd {
  /** As the other side closed it; 1006 when it did not. */
  readonly code: number;
  readonly reason: string;
}

/** Texts over a WebSocket, read at one's own pace. */
export class TextSocket implements Disposable {
  readonly #socket: WebSocket;
  readonly #texts: string[] = [];
  #unread = 0;
  #signs = 0;
  #end: SocketEnd | undefined;
  readonly #closed = Promise.withResolvers<SocketEnd>();
  #news = Promise.withResolvers<void>();

  /** Takes all that comes from the first moment on: the socket must not be open yet. */
  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      if (typeof data !== "string" || this.#end !== undefined) return;
      this.#unread += data.length;
      this.#texts.push(data);
      this.#news.resolve();
      if (this.#unread > mostUnread) this.close(4000);
    });
    for (const sign of ["message", "ping", "pong"]) socket.addEventListener(sign, () => void this.#signs++);
    socket.addEventListener("close", ({ code, reason }) => this.#finish({ code, reason }));
  }

  /** Grows with whatever comes, answers to `ping` included. */
  get signs(): number {
    return this.#signs;
  }

  /** Asks for a sign of life: what is closed in silence gives none. */
  ping(): void {
    if (this.#end === undefined && this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  /** Resolves when nothing more comes; what came before can still be read. */
  get closed(): Promise<SocketEnd> {
    return this.#closed.promise;
  }

  /** The next text; nothing at the end of them. One reader at a time. */
  async read(): Promise<string | undefined> {
    while (this.#texts.length === 0 && this.#end === undefined) {
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
    const text = this.#texts.shift();
    this.#unread -= text?.length ?? 0;
    return text;
  }

  send(text: string): void {
    if (this.#end === undefined && this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** Says why, and waits for nobody: the other side may be none any more. */
  close(code: number): void {
    if (this.#end !== undefined) return;
    this.#socket.close(code);
    this.#finish({ code: 1006, reason: "" });
  }

  [Symbol.dispose](): void {
    this.close(1000);
  }

  #finish(end: SocketEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#news.resolve();
    this.#closed.resolve(end);
  }
}

/**
 * A WebSocket through the one dialer: to what `guard` allows, by the very address that was checked, with the certificate of
 * the name. Throws `AppError` or an error with a system's code; its words hold no address.
 */
export async function openTextSocket(url: URL, guard: DialGuard, signal: AbortSignal): Promise<TextSocket> {
  const isEncrypted = url.protocol === "wss:";
  if (!isEncrypted && url.protocol !== "ws:") {
    throw new AppError("denied", `${url.protocol} is no WebSocket.`);
  }
  const place = { host: url.hostname, port: Number(url.port) || (isEncrypted ? 443 : 80) };
  const { proxy } = guard;
  if (proxy !== undefined) {
    const way = await openWayOut(place, { ...guard, proxy }, signal);
    const socket = await open(url, { proxy: way.proxy }, signal).catch((error: unknown) => {
      way[Symbol.dispose]();
      throw error;
    });
    void socket.closed.then(() => way[Symbol.dispose]());
    return socket;
  }
  return await dialChecked(place, guard, signal, async (address) => {
    const at = new URL(url);
    at.hostname = address.includes(":") ? `[${address}]` : address;
    const tls = isEncrypted ? { tls: { serverName: url.hostname } } : {};
    return await open(at, { headers: { host: url.host }, ...tls }, signal);
  });
}

async function open(url: URL, options: Bun.WebSocketOptions, signal: AbortSignal): Promise<TextSocket> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(openMs)]);
  limit.throwIfAborted();
  const socket = new WebSocket(url.href, options);
  const texts = new TextSocket(socket);
  const outcome = Promise.withResolvers<void>();
  const abort = (): void => {
    texts.close(4000);
    outcome.reject(limit.reason);
  };
  limit.addEventListener("abort", abort, { once: true });
  socket.addEventListener("open", () => outcome.resolve());
  socket.addEventListener("error", (event) => outcome.reject(toFailure(event)));
  socket.addEventListener("close", () => outcome.reject(toFailure(undefined)));
  try {
    await outcome.promise;
    return texts;
  } finally {
    limit.removeEventListener("abort", abort);
  }
}

/** Bun says in words what it says of `fetch` by a code. */
function toFailure(event: Event | undefined): Error {
  const words = event instanceof ErrorEvent ? event.message : "";
  const code = /TLS|certificate/i.test(words)
    ? "ERR_TLS_HANDSHAKE"
    : /failed to connect$/i.test(words)
      ? "ConnectionRefused"
      : "ERR_WEBSOCKET";
  return Object.assign(new Error("The connection was not made."), { code });
}
