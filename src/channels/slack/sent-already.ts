import type { Clock } from "../../clock.ts";
import type { ChannelMemory, OutgoingReply } from "../channel.ts";
import { findThread, parsePlace } from "./address.ts";
import { toFields, toList, toText } from "./fields.ts";
import { toError } from "./me.ts";
import { replyEvent } from "./reply-event.ts";
import { findUpload } from "./uploads.ts";
import type { Parameters, WebApi } from "./web-api.ts";

export interface SentOptions {
  readonly api: WebApi;
  readonly clock: Clock;
  readonly memory: ChannelMemory;
  readonly repliesInThread: boolean;
}

/** No reply is tried for longer. */
const dayS = 24 * 60 * 60;
const pageSize = 200;
const mostPages = 10;

/**
 * Whether a reply stands in its chat: by the key that it was sent with, or by the file that it is; undefined
 * where the bot may not read what was written. Throws `AppError` when Slack cannot be asked now.
 */
export async function wasSent(
  options: SentOptions,
  chat: string,
  { key, answers }: Pick<OutgoingReply, "key" | "answers">,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const upload = await findUpload(options.memory, chat);
  if (upload?.key === key) return await isShown(options.api, upload.file, signal);
  const { channel } = parsePlace(chat);
  const thread = findThread(chat, answers, options.repliesInThread);
  const oldest = String(Math.floor(options.clock.now() / 1000) - dayS);
  const common = { channel, oldest, limit: String(pageSize), include_all_metadata: "true" };
  const where = thread === undefined ? common : { ...common, ts: thread };
  const method = thread === undefined ? "conversations.history" : "conversations.replies";
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const result = await ask(
      options.api,
      method,
      cursor === undefined ? where : { ...where, cursor },
      signal,
    );
    if (result === undefined) return undefined;
    const isThere = toList(result["messages"]).some((message) => {
      const { event_type: type, event_payload: payload } = toFields(message["metadata"]);
      return type === replyEvent && toFields(payload)["key"] === key;
    });
    if (isThere) return true;
    cursor = toText(toFields(result["response_metadata"])["next_cursor"]);
    if (cursor === undefined) return false;
  }
  return false;
}

async function isShown(api: WebApi, file: string, signal: AbortSignal): Promise<boolean | undefined> {
  const result = await ask(api, "files.info", { file }, signal);
  if (result === undefined) return undefined;
  const { shares } = toFields(result["file"]);
  return Object.values(toFields(shares)).some((each) => Object.keys(toFields(each)).length > 0);
}

/** Undefined: Slack says no. */
async function ask(api: WebApi, method: string, parameters: Parameters, signal: AbortSignal) {
  const answer = await api.call(method, parameters, { signal });
  signal.throwIfAborted();
  if (answer.type === "ok") return answer.result;
  if (answer.type === "refused") return undefined;
  throw toError(answer, "bot");
}
