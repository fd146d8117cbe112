import { guardedFetch, type DialGuard } from "../../egress/dial.ts";
import { AppError } from "../../errors.ts";
import { telegramWords } from "../../words/english/telegram.ts";
import { toCallFailure } from "../call-failure.ts";
import type { OutgoingFile } from "../channel.ts";
import { toAnswer, type ApiAnswer } from "./answer.ts";
import { officialBase, type TelegramSettings } from "./config.ts";

export type Parameters = Readonly<Record<string, unknown>>;

export interface FilePart {
  /** The parameter that it is. */
  readonly field: string;
  readonly file: OutgoingFile;
}

/** The Bot API over the one dialer. A call never rejects for what the server or the network does. */
export interface BotApi {
  call(method: string, parameters: Parameters, options: CallOptions): Promise<ApiAnswer>;
  /** The bytes of a file by its path there. Throws `AppError`. */
  download(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  readonly part?: FilePart;
}

const callMs = 20_000;
const fileMs = 120_000;

export function createBotApi({ base, token, proxy }: Omit<TelegramSettings, "separateTopics">): BotApi {
  const guard = createGuard(base, proxy);
  const place = (kind: string): string => `${base}${kind}/bot${token.open()}/`;

  async function send(
    request: Request,
    whole: string | Uint8Array,
    options: CallOptions,
  ): Promise<ApiAnswer> {
    const { part, signal, timeoutMs = part === undefined ? callMs : fileMs } = options;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const response = await guardedFetch(request, guard, limit, whole);
      return toAnswer(response.status, await response.text());
    } catch (error) {
      return toCallFailure(error);
    }
  }

  return {
    async call(method, parameters, options) {
      if (options.part === undefined) {
        const body = JSON.stringify(parameters);
        const headers = { "content-type": "application/json" };
        return await send(new Request(place("") + method, { method: "POST", headers }), body, options);
      }
      const form = new Response(toForm(parameters, options.part));
      const headers = { "content-type": form.headers.get("content-type") ?? "" };
      const request = new Request(place("") + method, { method: "POST", headers });
      return await send(request, new Uint8Array(await form.arrayBuffer()), options);
    },
    async download(path, signal) {
      const address = place("/file") + path.split("/").map(encodeURIComponent).join("/");
      const limit = AbortSignal.any([signal, AbortSignal.timeout(fileMs)]);
      const response = await guardedFetch(new Request(address), guard, limit).catch((error: unknown) => {
        signal.throwIfAborted();
        const { reason } = toCallFailure(error);
        throw new AppError("network", telegramWords.noFile({ reason }));
      });
      if (response.status === 200 && response.body !== null) return response.body;
      throw new AppError("network", telegramWords.noFile({ reason: `HTTP ${response.status}` }));
    },
  };
}

/** One host and port. Where the owner named a server of his own it may stand anywhere; Telegram stands on the open internet. */
function createGuard(base: string, proxy: string | undefined): DialGuard {
  const { hostname, port, protocol } = new URL(base);
  const wanted = Number(port) || (protocol === "https:" ? 443 : 80);
  return {
    allow: (host, at) => host === hostname && at === wanted,
    ...(base === officialBase ? {} : { allowsAddress: () => true }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function toForm(parameters: Parameters, { field, file }: FilePart): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parameters)) {
    form.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  form.set(field, new Blob([Uint8Array.from(file.bytes)], { type: file.mediaType }), file.name);
  return form;
}
