import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Wire } from "../wire.ts";
import { guardedConnect, guardedFetch, type DialGuard } from "./dial.ts";
import { toHostAndPort } from "./host.ts";
import { readBody, readHead, watchBody, writeResponse } from "./http-wire.ts";
import { findRule, isListedRead, type EgressRule } from "./policy.ts";
import { Refusal, toOnwardHeaders, type RequestHead } from "./request-head.ts";

/** What somebody inside wants to reach, asked anew for every connection. */
export interface EgressQuestion {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  /** Unknown where the connection is encrypted. */
  readonly path?: string;
  readonly isListed: boolean;
  /** The owner said that such requests only read. */
  readonly isRead: boolean;
}

export interface EgressProxyOptions {
  /** By construction, never from what a connection says. */
  readonly group: string;
  /** As it is now. Throws when it cannot be understood: then nothing is reached. */
  readonly policy: () => Promise<readonly EgressRule[]>;
  /** Nothing: yes, and it is on record. Else why not, in words for a person. */
  readonly refuse: (question: EgressQuestion) => Promise<string | undefined>;
  /**
   * Asked before each piece that leaves on a connection that does more than read: since it began, private data may have been read, also
   * by way of another terminal.
   */
  readonly mayGoOn: (place: Pick<EgressQuestion, "host" | "port">) => Promise<boolean>;
  /** `GET /<grant>/…`: where a secret is added outside. */
  readonly serveGrant?: ServeGrant;
  /** Instead of the open internet and the system's resolver. */
  readonly guard?: Omit<DialGuard, "allow">;
  readonly limits?: Partial<EgressLimits>;
  readonly log: Log;
}

/** The request's URL has the path `/<grant>/…`; its host means nothing. */
export type ServeGrant = (group: string, request: Request, signal: AbortSignal) => Promise<Response>;

export interface EgressLimits {
  readonly headMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  /** In each direction of a connection. */
  readonly bytes: number;
  readonly connectionsAtOnce: number;
  readonly connectionsPerMinute: number;
}

export const egressLimits: EgressLimits = {
  headMs: 10_000,
  idleMs: 5 * 60_000,
  totalMs: 60 * 60_000,
  bytes: 4 * 1024 ** 3,
  connectionsAtOnce: 128,
  connectionsPerMinute: 1200,
};

/** The only way out of a group's sandboxes. Each connection is one request, or one encrypted stream to one host. */
export class EgressProxy implements AsyncDisposable {
  readonly #options: EgressProxyOptions;
  readonly #limits: EgressLimits;
  readonly #open = new Map<Wire, Promise<void>>();
  readonly #closing = new AbortController();
  #minute = 0;
  #inMinute = 0;

  constructor(options: EgressProxyOptions) {
    this.#options = options;
    this.#limits = { ...egressLimits, ...options.limits };
  }

  /** A connection from inside. Never throws. */
  accept(wire: Wire): void {
    const serving = this.#serve(wire).finally(() => {
      this.#open.delete(wire);
      wire[Symbol.dispose]();
    });
    this.#open.set(wire, serving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new AppError("cancelled", "The way out is closed."));
    for (const wire of this.#open.keys()) wire[Symbol.dispose]();
    await Promise.all(this.#open.values());
  }

  async #serve(wire: Wire): Promise<void> {
    using timers = new DisposableStack();
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
    void wire.closed.then(() => gone.abort(new AppError("cancelled", "It left.")));
    const hangUp = () => wire[Symbol.dispose]();
    timers.use(after(this.#limits.totalMs, hangUp));
    let head: RequestHead | undefined;
    try {
      if (this.#isBusy()) throw new Refusal(429, "Too many connections.");
      {
        using _ = after(this.#limits.headMs, hangUp);
        head = await readHead(wire);
      }
      if (head === undefined) return;
      if (head.method === "CONNECT") return await this.#tunnel(wire, head, signal);
      const response = head.target.startsWith("/")
        ? await this.#grant(wire, head, signal)
        : await this.#forward(wire, head, signal);
      await writeResponse(wire, response, head, this.#limits.bytes);
      await hangUpGently(wire);
    } catch (error) {
      if (!signal.aborted) await this.#say(wire, head, error);
    }
  }

  #isBusy(): boolean {
    const minute = Math.floor(performance.now() / 60_000);
    if (minute !== this.#minute) this.#inMinute = 0;
    this.#minute = minute;
    this.#inMinute++;
    return (
      this.#inMinute > this.#limits.connectionsPerMinute || this.#open.size >= this.#limits.connectionsAtOnce
    );
  }

  async #tunnel(wire: Wire, head: RequestHead, signal: AbortSignal): Promise<void> {
    const { host, port } = toHostAndPort(head.target) ?? {};
    if (host === undefined || port === undefined) throw new Refusal(400, "CONNECT needs HOST:PORT.");
    const { guard, isRead } = await this.#ask({ host, port, method: "CONNECT" });
    using outside = await guardedConnect(host, port, guard, signal);
    await wire.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const hangUp = () => {
      wire[Symbol.dispose]();
      outside[Symbol.dispose]();
    };
    using idle = after(this.#limits.idleMs, hangUp);
    const pump = async (from: Wire, to: Wire): Promise<void> => {
      let total = 0;
      for (;;) {
        const chunk = await from.read();
        idle.refresh();
        if (chunk === undefined) return to.end();
        total += chunk.length;
        const mayGo = from === outside || isRead || (await this.#options.mayGoOn({ host, port }));
        if (!mayGo || total > this.#limits.bytes || !(await to.write(chunk))) return hangUp();
      }
    };
    await Promise.all([pump(wire, outside), pump(outside, wire)]);
  }

  async #forward(wire: Wire, head: RequestHead, signal: AbortSignal): Promise<Response> {
    const url = URL.parse(head.target);
    if (url === null || url.protocol !== "http:" || url.username !== "" || url.password !== "")
      throw new Refusal(400, "Only http:// goes here; for https:// the proxy is asked to CONNECT.");
    const { host } = toHostAndPort(url.hostname) ?? {};
    const port = Number(url.port || 80);
    const named = toHostAndPort(head.host ?? "");
    if (host === undefined || named?.host !== host || (named.port ?? 80) !== port)
      throw new Refusal(400, "The Host header names another host than the address.");
    const { method } = head;
    const { guard, isRead } = await this.#ask({ host, port, method, path: url.pathname });
    const mayGoOn = (): Promise<boolean> => this.#options.mayGoOn({ host, port });
    const request = this.#toRequest(url, wire, head, isRead ? undefined : mayGoOn);
    return await guardedFetch(request, guard, signal);
  }

  async #grant(wire: Wire, head: RequestHead, signal: AbortSignal): Promise<Response> {
    const { serveGrant, group } = this.#options;
    const url = URL.parse(`http://grant${head.target}`);
    if (serveGrant === undefined || url === null) throw new Refusal(404, "There is no such grant.");
    return await serveGrant(group, this.#toRequest(url, wire, head), signal);
  }

  #toRequest(url: URL, wire: Wire, head: RequestHead, mayGoOn?: () => Promise<boolean>): Request {
    const whole = readBody(wire, head.body, this.#limits.bytes);
    const body = mayGoOn === undefined ? whole : whole?.pipeThrough(watchBody(mayGoOn));
    // It waits to be told that its body is wanted, and it is: the question is answered.
    if (body !== undefined && head.headers.some(([name]) => name === "expect"))
      void wire.write("HTTP/1.1 100 Continue\r\n\r\n");
    const headers = toOnwardHeaders(head.headers);
    if (body !== undefined && head.body !== "chunked") headers.push(["content-length", String(head.body)]);
    try {
      return new Request(url.href, { method: head.method, headers, ...(body === undefined ? {} : { body }) });
    } catch {
      throw new Refusal(400, "A request like that is not handed on.");
    }
  }

  /** The policy, then the one who decides; before anything is looked up. */
  async #ask({
    host,
    port,
    method,
    path,
  }: Pick<EgressQuestion, "host" | "port" | "method" | "path">): Promise<{
    readonly guard: DialGuard;
    readonly isRead: boolean;
  }> {
    const { policy, refuse, guard } = this.#options;
    const rule = findRule(await policy(), host, port);
    const isRead = rule !== undefined && isListedRead(rule, method, path);
    const reason = await refuse({
      ...{ host, port, method },
      ...(path === undefined ? {} : { path }),
      isListed: rule !== undefined,
      isRead,
    });
    if (reason !== undefined) throw new Refusal(403, reason);
    return { guard: { ...guard, allow: (name, number) => name === host && number === port }, isRead };
  }

  async #say(wire: Wire, head: RequestHead | undefined, error: unknown): Promise<void> {
    const { status, reason } = this.#toStatus(error);
    const { method = "GET", version = "1.0" } = head ?? {};
    const headers = { "content-type": "text/plain; charset=utf-8" };
    // Most programs show the first line only.
    const response = new Response(`NanoClaw: ${reason}\n`, { status, statusText: toPhrase(reason), headers });
    await writeResponse(wire, response, { method: method === "CONNECT" ? "GET" : method, version }, 65_536);
    await hangUpGently(wire);
  }

  #toStatus(error: unknown): { readonly status: number; readonly reason: string } {
    if (error instanceof Refusal) return { status: error.status, reason: error.message };
    if (error instanceof AppError && (error.code === "denied" || error.code === "config"))
      return { status: 403, reason: error.message };
    this.#options.log.debug("a connection from a sandbox failed", { group: this.#options.group, error });
    return { status: 502, reason: "The host could not be reached." };
  }
}

function toPhrase(reason: string): string {
  return (reason.split("\n")[0] ?? "").replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 200);
}

interface Alarm extends Disposable {
  refresh(): void;
}

function after(ms: number, ring: () => void): Alarm {
  const timer = setTimeout(ring, ms);
  return { refresh: () => void timer.refresh(), [Symbol.dispose]: () => clearTimeout(timer) };
}

/** What was written is still on its way: the other side closes when it has read it. */
async function hangUpGently(wire: Wire): Promise<void> {
  wire.end();
  using _ = after(1_000, () => wire[Symbol.dispose]());
  while ((await wire.read()) !== undefined);
}
