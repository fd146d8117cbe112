import type { Action } from "../authority/actions.ts";
import { AppError, systemCode } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Secret } from "../secret.ts";
import { gatewayWords } from "../words/english/gateway.ts";

/** What the gateway answers at one path. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** What `authorize()` is asked about before the handler is called. */
  readonly action: Action;
  /** May be asked without the token, by whoever reaches the loopback address. */
  readonly isOpenOnLoopback?: boolean;
  handle(request: Request, signal: AbortSignal): Promise<Response>;
}

export interface WebServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly token: Secret;
  /** Asks `authorize()` for the holder of the token, and records it. */
  readonly allow: (action: Action, name: string) => Promise<boolean>;
  readonly log: Log;
}

const largestBody = 2_000_000;

/** The gateway's one server. Parts add routes and take them away again. */
export class WebServer implements AsyncDisposable {
  readonly #options: WebServerOptions;
  readonly #routes = new Map<string, Route>();
  readonly #server: Bun.Server<undefined>;
  readonly #stop = new AbortController();

  /** Throws `AppError("conflict")` when the port is taken. */
  constructor(options: WebServerOptions) {
    this.#options = options;
    const { host, port } = options;
    try {
      this.#server = Bun.serve({
        hostname: host,
        port,
        idleTimeout: 0,
        maxRequestBodySize: largestBody,
        fetch: (request) => this.#answer(request),
      });
    } catch (cause) {
      throw toBindError(cause, host, port);
    }
  }

  get port(): number {
    return this.#server.port ?? 0;
  }

  /** Until what is returned is disposed of. */
  add(route: Route): Disposable {
    const key = `${route.method} ${route.path}`;
    this.#routes.set(key, route);
    return {
      [Symbol.dispose]: () => {
        if (this.#routes.get(key) === route) this.#routes.delete(key);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new AppError("cancelled", "The gateway stops."));
    await this.#server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = this.#routes.get(`${request.method} ${pathname}`);
    const isOpen = route?.isOpenOnLoopback === true && isLoopback(this.#options.host) && isOwnName(request);
    // The same for every path: who has no token learns nothing of what there is.
    if (!isOpen && !this.#hasToken(request)) return refuse(401, "the token is missing or wrong");
    if (route === undefined) return refuse(404, "there is nothing here");
    try {
      if (!isOpen && !(await this.#options.allow(route.action, `${request.method} ${pathname}`))) {
        return refuse(403, "this is not allowed");
      }
      return await route.handle(request, AbortSignal.any([request.signal, this.#stop.signal]));
    } catch (error) {
      if (request.signal.aborted) return refuse(499, "the client has left");
      const isForeseen = error instanceof AppError;
      if (!isForeseen) this.#options.log.error("a request failed", { path: pathname, error });
      return refuse(503, isForeseen ? error.message : "something went wrong; the log says more", {
        "retry-after": "5",
      });
    }
  }

  #hasToken(request: Request): boolean {
    const given = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    return given !== undefined && isSame(given, this.#options.token.open());
  }
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

/** A page of another name that resolves to this machine does not read it. */
function isOwnName(request: Request): boolean {
  return isLoopback((request.headers.get("host") ?? "").replace(/:\d+$/, ""));
}

/** In the same time, whatever of it is right. */
function isSame(given: string, wanted: string): boolean {
  const hash = (text: string): Buffer => new Bun.CryptoHasher("sha256").update(text).digest();
  const { timingSafeEqual } = process.getBuiltinModule("node:crypto");
  return timingSafeEqual(hash(given), hash(wanted));
}

function refuse(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers });
}

/** Whatever else the system calls it (a name that nobody knows, an address of another machine), it is the address. */
function toBindError(cause: unknown, host: string, port: number): AppError {
  return systemCode(cause) === "EADDRINUSE"
    ? new AppError("conflict", gatewayWords.portTaken({ host, port }), { cause })
    : new AppError("config", gatewayWords.cannotListen({ host, port }), { cause });
}
