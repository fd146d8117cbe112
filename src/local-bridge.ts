import { AppError } from "./errors.ts";
import { toWireHandler, type Wire } from "./wire.ts";

export interface LocalBridgeOptions {
  /** `socks5://[NAME:PASSWORD@]HOST:PORT`, which looks names up; without it the place itself is dialled. */
  readonly proxy?: URL;
  /** The one place that is asked for through it. */
  readonly host: string;
  readonly port: number;
  /** A connection to the proxy itself, or to the place. */
  readonly connect: (host: string, port: number, signal: AbortSignal) => Promise<Wire>;
  /** Hears why a connection was not made: whoever asked for it sees that it was not, and no more. */
  readonly onFailure?: (error: unknown) => void;
}

export interface LocalBridge extends Disposable {
  /** For `fetch`: its name and password are good for this bridge alone. */
  readonly proxy: string;
}

const longestHead = 4096;

/**
 * `fetch` and libraries speak to HTTP proxies only: for as long as it is needed this is one, on loopback, and passes the connection
 * on, through a SOCKS5 proxy or straight. It leads to one place, and only whoever holds its password there.
 */
export function openLocalBridge(options: LocalBridgeOptions, signal: AbortSignal): LocalBridge {
  const password = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
  const stop = new AbortController();
  const limit = AbortSignal.any([signal, stop.signal]);
  const socket = toWireHandler((inner) => void bridge(inner, password, options, limit));
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, allowHalfOpen: true, socket });
  return {
    proxy: `http://bridge:${password}@127.0.0.1:${listener.port}`,
    [Symbol.dispose]() {
      stop.abort(new AppError("cancelled", "The request is over."));
      listener.stop(true);
    },
  };
}

/** Never rejects: a connection that cannot be made is closed, and whoever asked sees that. */
async function bridge(
  inner: Wire,
  password: string,
  { proxy, host, port, connect, onFailure }: LocalBridgeOptions,
  signal: AbortSignal,
): Promise<void> {
  using _inner = inner;
  const close = (): void => inner[Symbol.dispose]();
  signal.addEventListener("abort", close, { once: true });
  try {
    const head = await readUntil(inner, "\r\n\r\n");
    const expected = `Basic ${Buffer.from(`bridge:${password}`).toString("base64")}`;
    const isOurs = /^proxy-authorization: *(.+)$/im.exec(head)?.[1]?.trim() === expected;
    if (!isOurs || !head.startsWith(`CONNECT ${host}:${port} `)) {
      await inner.write("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    using outer =
      proxy === undefined
        ? await connect(host, port, signal)
        : await connect(proxy.hostname, Number(proxy.port) || 1080, signal);
    if (proxy !== undefined) {
      await greet(outer, proxy);
      await ask(outer, host, port);
    }
    await inner.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    await Promise.all([pass(inner, outer), pass(outer, inner)]);
  } catch (error) {
    onFailure?.(error);
    await inner.write("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    inner.end();
  } finally {
    signal.removeEventListener("abort", close);
  }
}

async function greet(wire: Wire, { username, password }: URL): Promise<void> {
  const [name, secret] = [username, password].map((text) =>
    new TextEncoder().encode(decodeURIComponent(text)),
  );
  const hasName = name !== undefined && secret !== undefined && name.length > 0;
  await wire.write(Uint8Array.from(hasName ? [5, 1, 2] : [5, 1, 0]));
  const [, method] = await readExactly(wire, 2);
  if (method !== (hasName ? 2 : 0)) throw refused();
  if (!hasName) return;
  await wire.write(Uint8Array.from([1, name.length, ...name, secret.length, ...secret]));
  const [, status] = await readExactly(wire, 2);
  if (status !== 0) throw refused();
}

async function ask(wire: Wire, host: string, port: number): Promise<void> {
  const name = new TextEncoder().encode(host);
  await wire.write(Uint8Array.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 255]));
  const [, status, , kind] = await readExactly(wire, 4);
  if (status !== 0) throw refused();
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await readExactly(wire, 1))[0] ?? 0);
  await readExactly(wire, length + 2);
}

async function pass(from: Wire, to: Wire): Promise<void> {
  for (let chunk = await from.read(); chunk !== undefined; chunk = await from.read()) {
    if (!(await to.write(chunk))) break;
  }
  to.end();
}

async function readExactly(wire: Wire, length: number): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  while (bytes.length < length) {
    const chunk = await wire.read();
    if (chunk === undefined) throw refused();
    bytes = Uint8Array.from([...bytes, ...chunk]);
  }
  wire.unread(bytes.subarray(length));
  return bytes.subarray(0, length);
}

async function readUntil(wire: Wire, end: string): Promise<string> {
  let text = "";
  for (;;) {
    const chunk = await wire.read();
    if (chunk === undefined || text.length > longestHead) throw refused();
    text += Buffer.from(chunk).toString("latin1");
    const at = text.indexOf(end);
    if (at === -1) continue;
    wire.unread(Buffer.from(text.slice(at + end.length), "latin1"));
    return text.slice(0, at);
  }
}

function refused(): AppError {
  return new AppError("network", "The SOCKS proxy does not let it through.");
}
