import type { Secret } from "../secret.ts";
import type { DialGuard } from "./dial.ts";
import { guardedFetch } from "./dial.ts";
import { AppError, systemCode } from "../errors.ts";
import { isLoopbackAddress, type Grant } from "./grant.ts";
import { isBelow, isPlainPath } from "./grant-path.ts";
import { watchBody } from "./http-wire.ts";
import type { ServeGrant } from "./proxy.ts";
import { Refusal } from "./request-head.ts";
import { Scrubber, shortestSecret } from "./scrub.ts";

export interface GrantUse {
  readonly grant: Grant;
  readonly method: string;
  /** Below the base, without a query. */
  readonly path: string;
}

export interface VaultOptions {
  /** As it is now, of the group that asks. */
  readonly findGrant: (name: string) => Promise<Grant | undefined>;
  /** As it is now: a new value counts from the next request on. */
  readonly readSecret: (name: string) => Promise<Secret | undefined>;
  /** Nothing: yes, and it is on record. Else why not. */
  readonly refuse: (use: GrantUse) => Promise<string | undefined>;
  /** Asked before each piece of a body that leaves: since the decision, private data may have been read. */
  readonly mayGoOn: (grant: Grant) => Promise<boolean>;
  /** Instead of the open internet and the system's resolver. */
  readonly guard?: Omit<DialGuard, "allow">;
}

/**
 * A request to `/<grant>/path` goes to the grant's base with the secret added here, outside of every sandbox. What comes back holds
 * it no more, whatever the server repeats.
 */
export function createServeGrant(options: VaultOptions): ServeGrant {
  return async (_group, request, signal) => {
    const { pathname, search } = new URL(request.url);
    const [, name = "", rest = ""] = /^\/([^/]*)(\/.*)?$/.exec(pathname) ?? [];
    const grant = await options.findGrant(name);
    if (grant === undefined) throw new Refusal(404, `There is no grant "${name.slice(0, 64)}" here.`);
    const path = rest === "" ? "/" : rest;
    checkScope(grant, request.method, path);
    checkQuery(search);
    // A question to a model is here whole before it is decided.
    const body =
      grant.placement.type === "model"
        ? await readModelBody(grant.placement, request)
        : (request.body?.pipeThrough(watchBody(() => options.mayGoOn(grant))) ?? null);
    const reason = await options.refuse({ grant, method: request.method, path });
    if (reason !== undefined) throw new Refusal(403, reason);
    const secret = (await options.readSecret(grant.secret))?.open();
    if (secret === undefined) throw new Refusal(502, `The secret ${grant.secret} is not set.`);
    if (!isFit(secret, grant.placement))
      throw new Refusal(502, `The secret ${grant.secret} is too short, or no plain text of one line.`);
    const url = new URL(grant.base + path);
    url.search = search;
    const headers = toHeaders(request.headers);
    const sent = place(grant, secret, url, headers);
    const onward = new Request(url.href, {
      method: request.method,
      headers,
      ...(body === null ? {} : { body }),
    });
    const response = await send(onward, toGuard(url, options.guard), signal);
    return clean(response, new Scrubber(secret, sent), grant, path);
  };
}

/** What `fetch` throws carries the whole address, and with it a secret that was put there: it ends here. */
async function send(request: Request, guard: DialGuard, signal: AbortSignal): Promise<Response> {
  try {
    return await guardedFetch(request, guard, signal);
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error;
    const code = systemCode(error) ?? "no answer";
    throw new Refusal(502, `${new URL(request.url).host} could not be reached (${code}).`);
  }
}

/** Long enough to be kept out of answers, and what a request can carry as it is. */
function isFit(secret: string, { type }: Grant["placement"]): boolean {
  const isEncoded = type === "query" || type === "basic";
  return (
    secret.length >= shortestSecret && (isEncoded ? /^[^\0-\x1f\x7f]*$/ : /^[\x21-\x7e ]*$/).test(secret)
  );
}

function checkScope({ methods, paths, placement }: Grant, method: string, path: string): void {
  if (!isPlainPath(path)) throw new Refusal(400, "The path is one that servers could read differently.");
  if (!methods.includes(method)) throw new Refusal(403, `This grant is for ${methods.join(", ")}.`);
  const isInside =
    placement.type === "model" ? paths.includes(path) : paths.some((prefix) => isBelow(path, prefix));
  if (!isInside) throw new Refusal(403, `This grant is for paths below ${paths.join(", ")}.`);
}

function checkQuery(search: string): void {
  const names = [...new URLSearchParams(search).keys()];
  const asked = names.find((name) => methodInQuery.test(name.replaceAll("_", "-")));
  if (asked !== undefined) throw new Refusal(403, `"${asked}" would ask for another method.`);
}

async function readModelBody(
  placement: Extract<Grant["placement"], { type: "model" }>,
  request: Request,
): Promise<string> {
  const { checkModelRequest } = await import("./model-request.ts");
  return await checkModelRequest(placement, request);
}

/** What a sandbox says of who it is, of what it would take in part or packed, and of the way it came, is not handed on. */
const dropped =
  /^(?:authorization|cookie2?|range|if-range|accept-encoding|forwarded|via|origin|referer|x-forwarded-.*|x-real-ip|proxy-.*|anthropic-beta|content-length)$/;
/** Names by which services take other keys than that of `Authorization`. */
const otherKeys =
  /(?:^|-)(?:api-?key|(?:access|auth|private|job|deploy|session|security)-token|authorization)$/;
/** They would make another method, path or host of the request that was checked. Servers read `_` as `-`. */
const overrides =
  /^(?:x-http-method(?:-override)?|x-method-override|x-(?:original|rewrite|override)-(?:url|uri|host|path|method)|x-host|x-http-host-override|destination|.*_.*)$/;
/** The same in a query. */
const methodInQuery = /^(?:-(?:http-?)?method|x-http-method|(?:x-)?(?:http-)?method-override)$/i;

function toHeaders(from: Headers): Headers {
  const headers = new Headers();
  const isOurs = (name: string): boolean => [dropped, otherKeys, overrides].some((each) => each.test(name));
  for (const [name, value] of from) if (!isOurs(name)) headers.append(name, value);
  const length = from.get("content-length");
  if (length !== null) headers.set("content-length", length);
  return headers;
}

/** Returns the other forms in which the secret was sent. */
function place({ placement }: Grant, secret: string, url: URL, headers: Headers): readonly string[] {
  switch (placement.type) {
    case "header":
      headers.set(
        placement.name,
        placement.format.replace("{}", () => secret),
      );
      return [];
    case "query":
      url.searchParams.delete(placement.name);
      url.searchParams.append(placement.name, secret);
      return [new URLSearchParams({ "": secret }).toString().slice(1)];
    case "basic": {
      const pair = `${placement.user}:${secret}`;
      headers.set("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
      return [pair];
    }
    case "model":
      if (placement.wire === "anthropic") headers.set("x-api-key", secret);
      else headers.set("authorization", `Bearer ${secret}`);
      return [];
    default:
      return placement satisfies never;
  }
}

/** The base's own host and port. An address of this machine is one that the owner himself wrote down. */
function toGuard(url: URL, guard: VaultOptions["guard"]): DialGuard {
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const { hostname } = url;
  const allow: DialGuard["allow"] = (host, number) => host === hostname && number === port;
  if (!isLoopbackAddress(hostname)) return { ...guard, allow };
  const own = hostname.replaceAll(/[[\]]/g, "");
  return { ...guard, allow, allowsAddress: (address) => address === own };
}

function clean(response: Response, scrubber: Scrubber, grant: Grant, path: string): Response {
  // A part of an answer, or a packed one, could hold the secret in a form that is not searched.
  const encoding = response.headers.get("content-encoding") ?? "identity";
  if (response.status === 206 || !/^(?:identity)?$/i.test(encoding)) {
    void response.body?.cancel();
    throw new Refusal(502, "The server answers in a form that cannot be looked through.");
  }
  const headers = new Headers();
  for (const [name, value] of response.headers) {
    // A session of the server's is as good as the secret for as long as it lasts.
    if (/^(?:set-cookie2?|content-encoding|www-authenticate|accept-ranges)$/.test(name)) continue;
    headers.append(name, scrubber.text(name === "location" ? toInside(value, grant, path) : value));
  }
  const body: ReadableStream<Uint8Array> | null = response.body;
  return new Response(body?.pipeThrough(scrubber.stream()) ?? null, {
    status: response.status,
    statusText: scrubber.text(response.statusText),
    headers,
  });
}

/** Where the grant leads to, by way of the grant; elsewhere nobody takes the secret along. */
function toInside(location: string, { base, name }: Grant, from: string): string {
  const url = URL.parse(location, base + from);
  if (url === null || url.origin !== new URL(base).origin) return location;
  const path = url.pathname + url.search;
  const prefix = new URL(base).pathname.replace(/\/$/, "");
  return isBelow(url.pathname, prefix === "" ? "/" : prefix)
    ? `/${name}${path.slice(prefix.length)}`
    : location;
}
