import type { Formatted } from "../rich-text/entities.ts";
import { toButtonName } from "../button-name.ts";
import type { ChannelMemory, OutgoingFile, OutgoingReply, SendResult } from "../channel.ts";
import { toReplyPieces } from "../rich-text/pieces.ts";
import { sendPieces } from "../rich-text/send-pieces.ts";
import { parseMessageId, toChannel, toMessageId } from "./address.ts";
import { toSendResult } from "./answer.ts";
import { cutForDiscord, longestText } from "./cut.ts";
import { toDiscordMarkdown } from "./format.ts";
import { toFields, toList } from "./fields.ts";
import { toNonce, type OwnMessages } from "./own-messages.ts";
import type { Body, Method, RestApi } from "./rest.ts";
import { isSnowflake } from "./snowflake.ts";

export interface DeliveryOptions {
  readonly api: RestApi;
  readonly memory: ChannelMemory;
  readonly own: OwnMessages;
}

type Parameters = Readonly<Record<string, unknown>>;

/** Discord takes 100 signs of a button's data; the number of the option stands behind the name. */
const longestName = 90;
const longestLabel = 80;
const inRow = 5;
const mostRows = 5;
/** A page behind a link is asked for by Discord's servers: a link that an assistant wrote could carry something out. */
const suppressEmbeds = 4;
const unknownMessage = 10_008;
const unknownEmoji = 10_014;

/** On every text: nobody is called by what an assistant wrote, and no page is shown. */
const quiet = { allowed_mentions: { parse: [], replied_user: false }, flags: suppressEmbeds } as const;

/** What goes out to chats. Never rejects for what Discord or the network does. */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async send(
    chat: string,
    reply: OutgoingReply,
    signal: AbortSignal,
    more: Parameters = {},
  ): Promise<SendResult> {
    return await sendPieces(toReplyPieces(reply, cutForDiscord), async (piece, { index, isLast }) => {
      const body = {
        content: toContent(piece),
        ...(index === 0 ? answering(chat, reply) : {}),
        ...(isLast ? more : {}),
      };
      return await this.#post(chat, reply, { index, body, signal });
    });
  }

  async edit(chat: string, id: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult> {
    const [piece] = toReplyPieces(reply, cutForDiscord);
    const place = parseMessageId(chat, id);
    if (piece === undefined || place === undefined) {
      return { type: "refused", reason: "there is nothing to show" };
    }
    // Buttons under words that have changed would still be pressed.
    const body = { ...quiet, content: toContent(piece), components: [] };
    const path = `/channels/${place.channel}/messages/${place.message}`;
    const answer = await this.#options.api.call("PATCH", path, { body, signal });
    if (answer.type === "ok") return { type: "sent", platformId: id };
    // Somebody deleted it: what it was to say is said all the same.
    const isGone = answer.type === "refused" && answer.code === unknownMessage;
    return isGone
      ? await this.send(chat, { ...reply, key: `${reply.key}again` }, signal)
      : toSendResult(answer);
  }

  async ask(
    chat: string,
    reply: OutgoingReply,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<SendResult> {
    const name = await toButtonName(reply.key, longestName, this.#options.memory);
    const buttons = options.slice(0, inRow * mostRows).map((label, index) => ({
      type: 2,
      style: 2,
      label: cutLabel(label),
      custom_id: `${name}:${index}`,
    }));
    const rows = Array.from({ length: Math.ceil(buttons.length / inRow) }, (_, row) => ({
      type: 1,
      components: buttons.slice(row * inRow, (row + 1) * inRow),
    }));
    return await this.send(chat, reply, signal, { components: rows });
  }

  async sendFile(
    chat: string,
    reply: OutgoingReply,
    file: OutgoingFile,
    signal: AbortSignal,
  ): Promise<SendResult> {
    const [words, ...rest] = reply.text === "" ? [] : toReplyPieces(reply, cutForDiscord);
    const fits = words !== undefined && rest.length === 0;
    const body = {
      ...answering(chat, reply),
      ...(fits ? { content: toContent(words) } : {}),
      attachments: [{ id: 0, filename: file.name }],
    };
    const result = await this.#post(chat, reply, { index: "file", body, file, signal });
    if (result.type !== "sent" || fits || reply.text === "") return result;
    const said = await this.send(chat, reply, signal);
    return said.type === "sent" ? result : said;
  }

  async react(chat: string, id: string, emoji: string, signal: AbortSignal): Promise<SendResult> {
    const place = parseMessageId(chat, id);
    if (place === undefined) return { type: "refused", reason: "it stands under no message" };
    const path = `/channels/${place.channel}/messages/${place.message}`;
    if (emoji === "") return await this.#takeBack(path, signal);
    let result = await this.#call("PUT", `${path}/reactions/${encodeURIComponent(emoji)}/@me`, signal);
    // Some signs Discord knows only with, some only without, the mark that makes them colourful.
    if (result.type === "unknown-emoji") {
      const other = emoji.includes("\uFE0F") ? emoji.replaceAll("\uFE0F", "") : `${emoji}\uFE0F`;
      result = await this.#call("PUT", `${path}/reactions/${encodeURIComponent(other)}/@me`, signal);
    }
    return result.type === "unknown-emoji" ? { type: "refused", reason: "Unknown Emoji" } : result;
  }

  /** All signs of ours. */
  async #takeBack(path: string, signal: AbortSignal): Promise<SendResult> {
    const answer = await this.#options.api.call("GET", path, { signal });
    if (answer.type !== "ok") return toSendResult(answer);
    const { reactions } = toFields(answer.result);
    for (const each of toList(reactions)) {
      const { me, emoji } = toFields(each);
      const { name } = toFields(emoji);
      if (me !== true || typeof name !== "string") continue;
      const result = await this.#call("DELETE", `${path}/reactions/${encodeURIComponent(name)}/@me`, signal);
      if (result.type !== "sent" && result.type !== "unknown-emoji") return result;
    }
    return { type: "sent" };
  }

  async #call(
    method: Method,
    path: string,
    signal: AbortSignal,
  ): Promise<SendResult | { readonly type: "unknown-emoji" }> {
    const answer = await this.#options.api.call(method, path, { signal });
    if (answer.type === "ok") return { type: "sent" };
    const isUnknown = answer.type === "refused" && answer.code === unknownEmoji;
    return isUnknown ? { type: "unknown-emoji" } : toSendResult(answer);
  }

  /**
   * One message. Discord knows it by its nonce for some minutes and shows it once; after that we know it ourselves, from the
   * event that tells of each message of ours.
   */
  async #post(
    chat: string,
    reply: OutgoingReply,
    { index, body, file, signal }: Posting,
  ): Promise<SendResult> {
    const { api, own } = this.#options;
    const channel = toChannel(chat, reply.answers);
    const nonce = toNonce(chat, reply.key, index);
    const known = own.find(nonce);
    if (known !== undefined) return { type: "sent", platformId: toMessageId({ chat, channel }, known) };
    const whole: Body = { ...quiet, ...body, nonce, enforce_nonce: true };
    const answer = await api.call("POST", `/channels/${channel}/messages`, {
      body: whole,
      signal,
      ...(file === undefined ? {} : { file }),
    });
    if (answer.type !== "ok") return toSendResult(answer);
    const { id } = toFields(answer.result);
    return isSnowflake(id)
      ? { type: "sent", platformId: toMessageId({ chat, channel }, id) }
      : { type: "sent" };
  }
}

interface Posting {
  readonly index: number | "file";
  readonly body: Parameters;
  readonly file?: OutgoingFile;
  readonly signal: AbortSignal;
}

/** Where others read along it is seen what is answered, also when that was deleted meanwhile. */
function answering(chat: string, { answers }: OutgoingReply): Parameters {
  const place = answers === undefined ? undefined : parseMessageId(chat, answers);
  if (place === undefined) return {};
  return { message_reference: { message_id: place.message, fail_if_not_exists: false } };
}

function toContent(piece: Formatted): string {
  return toDiscordMarkdown(piece).slice(0, longestText);
}

function cutLabel(label: string): string {
  const signs = Array.from(label);
  return signs.length <= longestLabel ? label : `${signs.slice(0, longestLabel - 1).join("")}…`;
}
