import type { LocalBridgeOptions } from "../local-bridge.ts";
import { AppError, systemCode } from "../errors.ts";
import { toWireHandler, Wire } from "../wire.ts";
import { isReachableAddress } from "./addresses.ts";
import { toHost } from "./host.ts";

/** What the caller permits. Names are asked before anything is looked up, addresses after. */
export interface DialGuard {
  /** `host` as a URL spells it: lower case, Punycode, no dot at its end, an IPv6 address in brackets. */
  readonly allow: (host: string, port: number) => boolean;
  /** The open internet by default. */
  readonly allowsAddress?: (address: string) => boolean;
  /** All addresses of a name; the system's resolver by default. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
  /**
   * The owner's own way out, `http://…` or `socks5://…`: it looks up the name and dials, so that no address can be checked here. What may
   * be asked for is checked all the same.
   */
  readonly proxy?: string;
}

const lookupMs = 10_000;
const connectMs = 15_000;

/**
 * `fetch` for the whole program but the model wires: to what `guard` allows, dialled by the very address that was
 * checked. Follows no redirect, decodes no body, heeds no proxy of ours. Throws `AppError`: `denied` before a byte
 * has left, `network` when nobody answers. `whole`: the body, where it can be sent again to the name's next address.
 */
export async function guardedFetch(
  request: Request,
  guard: DialGuard,
  signal: AbortSignal,
  whole?: string | Uint8Array | FormData,
): Promise<Response> {
  const url = new URL(request.url);
  const isEncrypted = url.protocol === "https:";
  if (!isEncrypted && url.protocol !== "http:") throw denied(`${url.protocol} is not HTTP.`);
  const port = Number(url.port) || (isEncrypted ? 443 : 80);
  const headers = new Headers(request.headers);
  headers.set("host", url.host);
  headers.delete("accept-encoding");
  headers.delete("connection");
  const name = url.hostname;
  const { proxy } = guard;
  const common = {
    method: request.method,
    headers,
    body: whole ?? request.body,
    redirect: "manual",
    decompress: false,
    keepalive: false,
    signal,
  } as const;
  if (proxy !== undefined) {
    const host = allowName(name, port, guard);
    const { protocol } = new URL(proxy);
    if (!protocol.startsWith("socks5")) return await Bun.fetch(url, { ...common, proxy });
    if (!isEncrypted) throw denied("Through a SOCKS proxy goes only what is encrypted.");
    return await fetchThroughSocks(url, common, { proxy: new URL(proxy), host, port }, signal);
  }
  const addresses = await findAddresses(name, port, guard, signal);
  // A body that streams is sent once: what was read of it is gone.
  const mayRepeat = whole !== undefined || request.body === null;
  return await tryEach(mayRepeat ? addresses : addresses.slice(0, 1), async (address) => {
    url.hostname = address.includes(":") ? `[${address}]` : address;
    const init = { ...common, proxy: false, ...(isEncrypted ? { tls: { serverName: name } } : {}) } as const;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Bun takes `false`; its types do not say so.
    return await Bun.fetch(url, init as unknown as BunFetchRequestInit);
  });
}

/** The body is read whole while the way stands. */
async function fetchThroughSocks(
  url: URL,
  init: BunFetchRequestInit,
  way: { readonly proxy: URL; readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Response> {
  using bridge = await bridgeSocks(way, signal);
  const { status, headers, ...response } = await Bun.fetch(url, { ...init, proxy: bridge.proxy }).then(
    async (answer) => ({ status: answer.status, headers: answer.headers, body: await answer.arrayBuffer() }),
  );
  return new Response(response.body, { status, headers });
}

async function bridgeSocks(
  way: { readonly proxy: URL; readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<WayOut> {
  // The owner named the proxy: it may stand anywhere.
  return await openBridge(way, { allow: () => true, allowsAddress: () => true }, signal);
}

async function openBridge(
  way: Omit<LocalBridgeOptions, "connect">,
  guard: DialGuard,
  signal: AbortSignal,
): Promise<WayOut> {
  const { openLocalBridge } = await import("../local-bridge.ts");
  const connect = (host: string, port: number, stop: AbortSignal): Promise<Wire> =>
    guardedConnect(host, port, guard, stop);
  return openLocalBridge({ ...way, connect }, signal);
}

/** A connection for whatever the caller speaks on it, under the same rules. */
export async function guardedConnect(
  host: string,
  port: number,
  guard: DialGuard,
  signal: AbortSignal,
): Promise<Wire> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(connectMs)]);
  return await tryEach(await findAddresses(host, port, guard, signal), async (hostname) => {
    const dialled = Bun.connect({ hostname, port, allowHalfOpen: true, socket: toWireHandler() });
    const socket = await orAbort(dialled, limit, (late) => late.terminate());
    return Wire.of(socket);
  });
}

/** For what opens connections of its own: `dial` is handed each checked address of the name until one answers. */
export async function dialChecked<T>(
  { host, port }: { readonly host: string; readonly port: number },
  guard: DialGuard,
  signal: AbortSignal,
  dial: (address: string) => Promise<T>,
): Promise<T> {
  return await tryEach(await findAddresses(host, port, guard, signal), dial);
}

/** Through the owner's proxy, which looks the name up and dials: what it is to be told, once the name is allowed. */
export async function openWayOut(
  { host: name, port }: { readonly host: string; readonly port: number },
  guard: DialGuard & { readonly proxy: string },
  signal: AbortSignal,
): Promise<WayOut> {
  const host = allowName(name, port, guard);
  if (!new URL(guard.proxy).protocol.startsWith("socks5")) {
    return { proxy: guard.proxy, [Symbol.dispose]: () => {} };
  }
  return await bridgeSocks({ proxy: new URL(guard.proxy), host, port }, signal);
}

/**
 * For a library that dials itself, and takes an HTTP proxy: with one it reaches this place alone, through this dialer or the owner's
 * proxy. `onFailure` hears why a connection was not made.
 */
export async function openLocalWay(
  place: { readonly host: string; readonly port: number },
  guard: DialGuard,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<WayOut> {
  const { proxy } = guard;
  if (proxy !== undefined) return await openWayOut(place, { ...guard, proxy }, signal);
  const host = allowName(place.host, place.port, guard);
  return await openBridge({ host, port: place.port, onFailure }, guard, signal);
}

/** An HTTP proxy for as long as it is not disposed. */
export interface WayOut extends Disposable {
  readonly proxy: string;
}

/** Checked all: one that is not allowed among them, and none is dialled. */
async function findAddresses(
  name: string,
  port: number,
  guard: DialGuard,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const host = allowName(name, port, guard);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookupMs)]);
  const literal = toLiteral(host);
  const addresses = literal === undefined ? await orAbort((guard.lookup ?? lookUp)(host), limit) : [literal];
  if (addresses.length === 0) throw new AppError("network", `${host} has no address.`);
  const allows = guard.allowsAddress ?? ((address) => isReachableAddress(address));
  if (!addresses.every((address) => allows(address)))
    throw denied(`${host} leads to an address that is not on the open internet.`);
  // Those that nearly every network reaches first.
  return [...addresses].sort((one, other) => Number(one.includes(":")) - Number(other.includes(":")));
}

function allowName(name: string, port: number, guard: DialGuard): string {
  const host = toHost(name);
  if (host === undefined) throw denied(`${name} is not the name of a host.`);
  if (!guard.allow(host, port)) throw denied(`${host}:${port} is not allowed.`);
  return host;
}

async function lookUp(host: string): Promise<readonly string[]> {
  try {
    return (await Bun.dns.lookup(host)).map(({ address }) => address);
  } catch (cause) {
    throw new AppError("network", `The name ${host} could not be looked up.`, { cause });
  }
}

function toLiteral(host: string): string | undefined {
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^[\d.]+$/.test(host) ? host : undefined;
}

/** The next address when one does not answer at all. */
async function tryEach<T>(addresses: readonly string[], dial: (address: string) => Promise<T>): Promise<T> {
  for (const [index, address] of addresses.entries()) {
    try {
      return await dial(address);
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (index < addresses.length - 1 && unreachable.includes(systemCode(cause) ?? "")) continue;
      throw cause;
    }
  }
  throw new AppError("network", "There is no address to dial.");
}

const unreachable = ["ECONNREFUSED", "ConnectionRefused", "ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL"];

/** What comes when nobody waits any more is handed to `drop`. */
async function orAbort<T>(work: Promise<T>, signal: AbortSignal, drop?: (late: T) => void): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } catch (error) {
    if (signal.aborted) void work.then(drop, () => {});
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function denied(reason: string): AppError {
  return new AppError("denied", reason);
}
