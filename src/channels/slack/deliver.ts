import type { Clock } from "../../clock.ts";
import { toButtonName } from "../button-name.ts";
import type { ChannelMemory, OutgoingFile, OutgoingReply, SendResult } from "../channel.ts";
import { Pace } from "../pace.ts";
import type { Formatted } from "../rich-text/entities.ts";
import { toReplyPieces } from "../rich-text/pieces.ts";
import { sendPieces } from "../rich-text/send-pieces.ts";
import { findThread, parseMessageId, parsePlace } from "./address.ts";
import { toSendResult } from "../to-send-result.ts";
import { longestButton, toButtonRows, withOptions } from "./buttons.ts";
import { cutForSlack } from "./cut.ts";
import { toText } from "./fields.ts";
import { escape, toMrkdwn } from "./mrkdwn.ts";
import { replyEvent } from "./reply-event.ts";
import { toRichBlock, type Block } from "./rich-block.ts";
import { noteUpload } from "./uploads.ts";
import type { Parameters, WebApi } from "./web-api.ts";

export interface DeliveryOptions {
  readonly api: WebApi;
  readonly clock: Clock;
  readonly memory: ChannelMemory;
  readonly repliesInThread: boolean;
  /** The bot's token is none any more. */
  readonly onUnauthorized: (reason: string) => void;
}

/** A page behind a link is asked for by Slack's servers: a link that an assistant wrote could carry something out. */
const noPreview = { unfurl_links: false, unfurl_media: false };

/** What goes out to chats. Never rejects for what Slack or the network does. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #paces = new Map<string, Pace>();

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async send(
    chat: string,
    reply: OutgoingReply,
    signal: AbortSignal,
    more: readonly Block[] = [],
  ): Promise<SendResult> {
    return await sendPieces(toReplyPieces(reply, cutForSlack), async (piece, { isLast }) => {
      const parameters = {
        ...this.#toPlace(chat, reply),
        ...toContent(piece, reply, isLast ? more : []),
        ...noPreview,
      };
      return await this.#post(chat, "chat.postMessage", parameters, signal);
    });
  }

  async edit(chat: string, message: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult> {
    const [piece] = toReplyPieces(reply, cutForSlack);
    if (piece === undefined) return { type: "refused", reason: "there is nothing to show" };
    const { channel } = parsePlace(chat);
    const time = parseMessageId(message)?.time ?? message;
    const result = await this.#post(
      chat,
      "chat.update",
      { channel, ts: time, ...toContent(piece, reply), ...noPreview },
      signal,
    );
    if (result.type === "sent") return { ...result, platformId: message };
    // Somebody deleted it, or it is too old: what it was to say is said all the same.
    const isGone = result.type === "refused" && goneMessage.test(result.reason);
    return isGone ? await this.send(chat, reply, signal) : result;
  }

  async ask(
    chat: string,
    reply: OutgoingReply,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<SendResult> {
    const name = await toButtonName(reply.key, longestButton, this.#options.memory);
    return await this.send(chat, withOptions(reply, options), signal, toButtonRows(name, options));
  }

  /** Three calls, of which only the last one shows anything. */
  async sendFile(
    chat: string,
    reply: OutgoingReply,
    file: OutgoingFile,
    signal: AbortSignal,
  ): Promise<SendResult> {
    const { api, memory } = this.#options;
    const place = { filename: file.name, length: String(file.bytes.length) };
    const asked = await api.call("files.getUploadURLExternal", place, { signal });
    if (asked.type !== "ok") return toSendResult(asked);
    const address = toText(asked.result["upload_url"]);
    const id = toText(asked.result["file_id"]);
    if (address === undefined || id === undefined || !URL.canParse(address)) {
      return { type: "not-sent", reason: "Slack named no place for the file" };
    }
    const uploaded = await api.upload(address, file.bytes, signal);
    // Nobody has seen anything of it yet.
    if (uploaded.type === "unknown") return { type: "not-sent", reason: uploaded.reason };
    if (uploaded.type !== "ok") return toSendResult(uploaded);
    const pieces = reply.text === "" ? [] : toReplyPieces(reply, cutForSlack);
    const caption = pieces.some(mayBePreviewed) ? undefined : pieces[0];
    await noteUpload(memory, chat, { key: reply.key, file: id });
    const { channel, ...thread } = this.#toPlace(chat, reply);
    const parameters = {
      files: [{ id, title: file.name }],
      channel_id: channel,
      ...thread,
      ...(caption === undefined ? {} : { initial_comment: toMrkdwn(caption) }),
    };
    const result = await this.#post(chat, "files.completeUploadExternal", parameters, signal);
    if (result.type !== "sent") return result;
    for (const piece of caption === undefined ? pieces : pieces.slice(1)) {
      const words = { ...this.#toPlace(chat, reply), ...toContent(piece, reply), ...noPreview };
      const sent = await this.#post(chat, "chat.postMessage", words, signal);
      if (sent.type !== "sent") return sent;
    }
    return result;
  }

  /** One call for a chat: waits that are asked for are kept, for each method by itself, as Slack counts them. */
  async call(chat: string, method: string, parameters: Parameters, signal: AbortSignal): Promise<SendResult> {
    const { api, clock } = this.#options;
    const pace = this.#paces.get(method) ?? new Pace(clock, "Slack");
    this.#paces.set(method, pace);
    const waiting = pace.find(chat);
    if (waiting !== undefined) return waiting;
    const answer = await api.call(method, parameters, { signal });
    if (answer.type === "wait") return pace.slowDown(chat, answer.ms, answer.reason);
    if (answer.type === "unauthorized") this.#options.onUnauthorized(answer.reason);
    if (answer.type !== "ok") return toSendResult(answer);
    const time = toText(answer.result["ts"]);
    return { type: "sent", ...(time === undefined ? {} : { platformId: time }) };
  }

  /** Blocks or a thread that are refused all the same go: the words matter more. */
  async #post(
    chat: string,
    method: string,
    parameters: Parameters,
    signal: AbortSignal,
  ): Promise<SendResult> {
    const result = await this.call(chat, method, parameters, signal);
    if (result.type !== "refused") return result;
    if (/blocks/.test(result.reason) && "blocks" in parameters) {
      const { blocks: _, ...plain } = parameters;
      return await this.call(chat, method, plain, signal);
    }
    if (/thread/.test(result.reason) && !/locked/.test(result.reason) && "thread_ts" in parameters) {
      const { thread_ts: _, ...outside } = parameters;
      return await this.call(chat, method, outside, signal);
    }
    return result;
  }

  /** Where an answer belongs: into its chat's thread, or below the message that it answers. */
  #toPlace(
    chat: string,
    { answers }: Pick<OutgoingReply, "answers">,
  ): { channel: string; thread_ts?: string } {
    const thread = findThread(chat, answers, this.#options.repliesInThread);
    const { channel } = parsePlace(chat);
    return thread === undefined ? { channel } : { channel, thread_ts: thread };
  }
}

/** Below a file no preview can be switched off: words that may lead somewhere come as a message of their own. */
function mayBePreviewed({ text, entities }: Formatted): boolean {
  return /:\/\/|[\p{L}\d]\.\p{L}{2}/u.test(text) || entities.some(({ type }) => type === "text_link");
}

const goneMessage = /^(?:message_not_found|cant_update_message|edit_window_closed|is_inactive)$/;

function toContent(
  piece: Formatted,
  { key, isLiteral }: OutgoingReply,
  more: readonly Block[] = [],
): Parameters {
  return {
    text: isLiteral === true ? escape(piece.text) : toMrkdwn(piece),
    blocks: [toRichBlock(piece), ...more],
    metadata: { event_type: replyEvent, event_payload: { key } },
  };
}
