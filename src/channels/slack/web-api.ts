import { guardedFetch, type DialGuard } from "../../egress/dial.ts";
import { AppError } from "../../errors.ts";
import { slackWords } from "../../words/english/slack.ts";
import { toCallFailure } from "../call-failure.ts";
import { toAnswer, type ApiAnswer } from "./answer.ts";
import { officialBase, type SlackSettings } from "./config.ts";

export type Parameters = Readonly<Record<string, unknown>>;

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** The bot's by default. */
  readonly token?: "bot" | "app";
}

/** The Web API over the one dialer. A call never rejects for what the server or the network does. */
export interface WebApi {
  call(method: string, parameters: Parameters, options: CallOptions): Promise<ApiAnswer>;
  /** Puts bytes where Slack said that they go. */
  upload(address: string, bytes: Uint8Array, signal: AbortSignal): Promise<ApiAnswer>;
  /** The bytes of a file that a message named. Throws `AppError`. */
  download(address: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  /** What may be dialled for the connection that Slack named. */
  readonly guard: DialGuard;
}

const callMs = 20_000;
const fileMs = 120_000;
const mostRedirects = 3;

export function createWebApi({
  base,
  botToken,
  appToken,
  proxy,
}: Pick<SlackSettings, "base" | "botToken" | "appToken" | "proxy">): WebApi {
  const guard = createGuard(base, proxy);

  async function send(request: Request, body: string | Uint8Array, limit: AbortSignal): Promise<ApiAnswer> {
    try {
      const response = await guardedFetch(request, guard, limit, body);
      return toAnswer(response.status, response.headers.get("retry-after"), await response.text());
    } catch (error) {
      return toCallFailure(error);
    }
  }

  return {
    guard,
    async call(method, parameters, { signal, timeoutMs = callMs, token = "bot" }) {
      const secret = token === "bot" ? botToken : appToken;
      const headers = {
        authorization: `Bearer ${secret.open()}`,
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      };
      const request = new Request(`${base}/${method}`, { method: "POST", headers });
      return await send(request, toForm(parameters), within(signal, timeoutMs));
    },
    async upload(address, bytes, signal) {
      const headers = { "content-type": "application/octet-stream" };
      try {
        const request = new Request(address, { method: "POST", headers });
        const response = await guardedFetch(request, guard, within(signal, fileMs), bytes);
        if (response.ok) return { type: "ok", result: {} };
        return toAnswer(response.status, response.headers.get("retry-after"), await response.text());
      } catch (error) {
        return toCallFailure(error);
      }
    },
    async download(address, signal) {
      const limit = within(signal, fileMs);
      // The guard refuses every host but Slack's own, wherever it may send us: the token goes nowhere else.
      const headers = { authorization: `Bearer ${botToken.open()}` };
      let place = address;
      for (let hops = 0; hops <= mostRedirects; hops++) {
        const response = await guardedFetch(new Request(place, { headers }), guard, limit).catch(
          (error: unknown) => {
            signal.throwIfAborted();
            throw noFile(toCallFailure(error).reason);
          },
        );
        const next = response.headers.get("location");
        if (response.status < 300 || response.status >= 400 || next === null) return takeFile(response);
        place = new URL(next, place).href;
      }
      throw noFile("it is moved again and again");
    },
  };
}

/** Slack shows whoever may not have a file its page for signing in, with a good status. */
function takeFile({ status, headers, body }: Response): ReadableStream<Uint8Array> {
  if (status !== 200 || body === null) throw noFile(`HTTP ${status}`);
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  if (isPage && headers.get("content-disposition") === null)
    throw noFile("the bot may not read files (scope files:read)");
  return body;
}

function noFile(reason: string): AppError {
  return new AppError("network", slackWords.noFile({ reason }));
}

/**
 * Slack's own hosts, wherever it puts its files and connections. Where the owner named a server of his own, that host on any
 * port: it may stand anywhere.
 */
function createGuard(base: string, proxy: string | undefined): DialGuard {
  const { hostname } = new URL(base);
  const way = proxy === undefined ? {} : { proxy };
  if (base !== officialBase) return { allow: (host) => host === hostname, allowsAddress: () => true, ...way };
  return {
    allow: (host, port) =>
      port === 443 && /^(?:[a-z0-9-]+\.)*(?:slack|slack-files|slack-edge)\.com$/.test(host),
    ...way,
  };
}

function within(signal: AbortSignal, ms: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}

/** As Slack takes every method: what is no text is written as JSON. */
function toForm(parameters: Parameters): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return form.toString();
}
