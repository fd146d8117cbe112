import type { Clock } from "../../clock.ts";
import { guardedFetch, type DialGuard } from "../../egress/dial.ts";
import { AppError } from "../../errors.ts";
import { discordWords } from "../../words/english/discord.ts";
import { toCallFailure } from "../call-failure.ts";
import type { OutgoingFile } from "../channel.ts";
import { toAnswer, type RestAnswer } from "./answer.ts";
import { officialBase, type DiscordSettings } from "./config.ts";
import { RateLimits, toRoute } from "./rate-limits.ts";

export type Body = Readonly<Record<string, unknown>> | readonly unknown[];

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly body?: Body;
  readonly file?: OutgoingFile;
  readonly timeoutMs?: number;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Discord's HTTP API over the one dialer. A call never rejects for what the server or the network does. */
export interface RestApi {
  call(method: Method, path: string, options: CallOptions): Promise<RestAnswer>;
  /** The same, waiting for as long as Discord asks to. */
  callPatiently(method: Method, path: string, options: CallOptions): Promise<RestAnswer>;
  /** The bytes of what was sent along. Throws `AppError`. */
  download(address: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const callMs = 20_000;
const fileMs = 120_000;
const mostWaits = 5;
/** Where Discord keeps files. */
const fileHosts: ReadonlySet<string> = new Set(["cdn.discordapp.com", "media.discordapp.net"]);

export function createRestApi(
  { base, token, proxy }: Pick<DiscordSettings, "base" | "token" | "proxy">,
  clock: Clock,
): RestApi {
  const guard = createGuard(base, proxy);
  const limits = new RateLimits(clock);

  async function call(method: Method, path: string, options: CallOptions): Promise<RestAnswer> {
    const { signal, body, file, timeoutMs = file === undefined ? callMs : fileMs } = options;
    const route = toRoute(method, path);
    const waiting = limits.find(route);
    if (waiting !== undefined) return waiting;
    const headers = new Headers({
      authorization: `Bot ${token.open()}`,
      "user-agent": "DiscordBot (nanoclaw, 1)",
    });
    try {
      const whole = await toWhole(body, file, headers);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const request = new Request(base + path, { method, headers });
      const response = await guardedFetch(request, guard, limit, whole);
      const answer = toAnswer(response.status, response.headers, await response.text());
      limits.note(route, response.headers, answer);
      return answer;
    } catch (error) {
      return toCallFailure(error);
    }
  }

  return {
    call,
    async callPatiently(method, path, options) {
      let answer = await call(method, path, options);
      for (let waits = 0; answer.type === "wait" && waits < mostWaits; waits++) {
        await clock.sleep(answer.ms, options.signal);
        answer = await call(method, path, options);
      }
      return answer;
    },
    async download(address, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(fileMs)]);
      const files = createFileGuard(base, proxy);
      const response = await guardedFetch(new Request(address), files, limit).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new AppError("network", discordWords.noFile({ reason: toCallFailure(error).reason }));
      });
      if (response.status === 200 && response.body !== null) return response.body;
      throw new AppError("network", discordWords.noFile({ reason: `HTTP ${response.status}` }));
    },
  };
}

/** One host and port. Where the owner named a server of his own it may stand anywhere; Discord stands on the open internet. */
export function createGuard(base: string, proxy: string | undefined): DialGuard {
  const { hostname, port, protocol } = new URL(base);
  const wanted = Number(port) || (/^(?:https|wss):$/.test(protocol) ? 443 : 80);
  return {
    allow: (host, at) => host === hostname && at === wanted,
    ...(isOfficial(base) ? {} : { allowsAddress: () => true }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** Discord's own, by name. */
export function isOfficial(address: string): boolean {
  return address === officialBase || /(?:^|\.)discord\.gg$/.test(URL.parse(address)?.hostname ?? "");
}

function createFileGuard(base: string, proxy: string | undefined): DialGuard {
  if (base !== officialBase) return createGuard(base, proxy);
  return {
    allow: (host, at) => fileHosts.has(host) && at === 443,
    ...(proxy === undefined ? {} : { proxy }),
  };
}

async function toWhole(
  body: Body | undefined,
  file: OutgoingFile | undefined,
  headers: Headers,
): Promise<string | Uint8Array | undefined> {
  if (file !== undefined) {
    const form = new FormData();
    form.set("payload_json", JSON.stringify(body ?? {}));
    form.set("files[0]", new Blob([Uint8Array.from(file.bytes)], { type: file.mediaType }), file.name);
    const whole = new Response(form);
    headers.set("content-type", whole.headers.get("content-type") ?? "");
    return new Uint8Array(await whole.arrayBuffer());
  }
  if (body === undefined) return undefined;
  headers.set("content-type", "application/json");
  return JSON.stringify(body);
}
