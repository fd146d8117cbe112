import type { Clock } from "../../clock.ts";
import { toButtonName } from "../button-name.ts";
import type { ChannelMemory, OutgoingFile, OutgoingReply, SendResult } from "../channel.ts";
import { Pace } from "../pace.ts";
import type { Formatted } from "../rich-text/entities.ts";
import { toReplyPieces } from "../rich-text/pieces.ts";
import { sendPieces } from "../rich-text/send-pieces.ts";
import { parsePlace, toPlaceParameters } from "./address.ts";
import { toSendResult } from "../to-send-result.ts";
import type { ApiAnswer } from "./answer.ts";
import type { BotApi, CallOptions, Parameters } from "./bot-api.ts";
import { cutForTelegram } from "./cut.ts";
import { toFilePart } from "./file-part.ts";
import type { Threads } from "./threads.ts";

export interface DeliveryOptions {
  readonly api: BotApi;
  readonly clock: Clock;
  readonly threads: Threads;
  readonly memory: ChannelMemory;
  /** A group became a supergroup while it was written to. */
  readonly onMoved: (from: string, to: string) => Promise<void>;
}

const longestCaption = 1024;
/** Telegram takes 64 bytes of a button's data; the number of the option stands behind the name. */
const longestName = 58;
/** A page behind a link is asked for by Telegram's servers: a link that an assistant wrote could carry something out. */
const noPreview = { link_preview_options: { is_disabled: true } };

/** What goes out to chats. Never rejects for what Telegram or the network does. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #pace: Pace;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock, "Telegram");
  }

  async send(
    chat: string,
    reply: OutgoingReply,
    signal: AbortSignal,
    more: Parameters = {},
  ): Promise<SendResult> {
    return await sendPieces(toReplyPieces(reply, cutForTelegram), async (piece, { index, isLast }) => {
      const parameters = {
        ...toText(piece),
        ...noPreview,
        ...(index === 0 ? this.#answering(chat, reply) : this.#thread(chat, reply)),
        ...(isLast ? more : {}),
      };
      return await this.call(chat, "sendMessage", parameters, { signal });
    });
  }

  async edit(chat: string, message: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult> {
    const [piece] = toReplyPieces(reply, cutForTelegram);
    if (piece === undefined) return { type: "refused", reason: "there is nothing to show" };
    const parameters = { message_id: Number(message), ...toText(piece), ...noPreview };
    const result = await this.call(chat, "editMessageText", parameters, { signal });
    if (result.type !== "refused")
      return result.type === "sent" ? { ...result, platformId: message } : result;
    if (/not modified/.test(result.reason)) return { type: "sent", platformId: message };
    // Somebody deleted it, or it is too old: what it was to say is said all the same.
    return goneMessage.test(result.reason) ? await this.send(chat, reply, signal) : result;
  }

  async ask(
    chat: string,
    reply: OutgoingReply,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<SendResult> {
    const name = await toButtonName(reply.key, longestName, this.#options.memory);
    const keyboard = options.map((text, index) => [{ text, callback_data: `${name}:${index}` }]);
    return await this.send(chat, reply, signal, { reply_markup: { inline_keyboard: keyboard } });
  }

  async sendFile(
    chat: string,
    reply: OutgoingReply,
    file: OutgoingFile,
    signal: AbortSignal,
  ): Promise<SendResult> {
    const [caption] = reply.text === "" ? [] : toReplyPieces(reply, cutForTelegram);
    const fits =
      caption !== undefined &&
      caption.text.length <= longestCaption &&
      toReplyPieces(reply, cutForTelegram).length <= 1;
    const parameters = {
      ...this.#answering(chat, reply),
      ...(fits ? { caption: caption.text, caption_entities: caption.entities } : {}),
    };
    const { method, field } = toFilePart(file);
    let result = await this.call(chat, method, parameters, { signal, part: { field, file } });
    // A picture may be too long and narrow for one, a sound no voice: as a file it goes.
    if (result.type === "refused" && method !== "sendDocument" && badMedia.test(result.reason)) {
      result = await this.call(chat, "sendDocument", parameters, {
        signal,
        part: { field: "document", file },
      });
    }
    if (result.type !== "sent" || fits || reply.text === "") return result;
    const words = await this.send(chat, reply, signal);
    return words.type === "sent" ? result : words;
  }

  /** One call for a chat: waits that are asked for are kept, and a group that moved is followed. */
  async call(
    chat: string,
    method: string,
    parameters: Parameters,
    options: CallOptions,
  ): Promise<SendResult> {
    const waiting = this.#pace.find(chat);
    if (waiting !== undefined) return waiting;
    const place = parsePlace(chat);
    let answer = await this.#try(method, { ...toPlaceParameters(place), ...parameters }, options);
    if (answer.type === "refused" && answer.movedTo !== undefined) {
      const { movedTo } = answer;
      await this.#options.onMoved(chat, movedTo);
      answer = await this.#try(method, { ...toPlaceParameters({ chat: movedTo }), ...parameters }, options);
    }
    if (answer.type === "wait") return this.#pace.slowDown(chat, answer.ms, answer.reason);
    if (answer.type === "conflict") return { type: "not-sent", reason: answer.reason };
    if (answer.type !== "ok") return toSendResult(answer);
    const id = toMessageId(answer.result);
    return { type: "sent", ...(id === undefined ? {} : { platformId: id }) };
  }

  /** Formatting that is refused all the same goes: the words matter more. */
  async #try(method: string, parameters: Parameters, options: CallOptions): Promise<ApiAnswer> {
    const { api } = this.#options;
    const answer = await api.call(method, parameters, options);
    if (answer.type !== "refused" || !/entit/i.test(answer.reason)) return answer;
    const { entities: _, caption_entities: __, ...plain } = parameters;
    return await api.call(method, plain, options);
  }

  /** In a group it is seen what is answered, also when that was deleted meanwhile. */
  #answering(chat: string, reply: OutgoingReply): Parameters {
    const { answers } = reply;
    if (answers === undefined || !/^\d+$/.test(answers)) return {};
    return {
      ...this.#thread(chat, reply),
      reply_parameters: { message_id: Number(answers), allow_sending_without_reply: true },
    };
  }

  #thread(chat: string, { answers }: OutgoingReply): Parameters {
    const thread = answers === undefined ? undefined : this.#options.threads.find(chat, answers);
    return thread === undefined ? {} : { message_thread_id: thread };
  }
}

const goneMessage = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|message not found/i;
const badMedia = /PHOTO_|IMAGE_|VOICE_|VIDEO_|AUDIO_|wrong file|failed to get|too big for a photo/i;

function toText({ text, entities }: Formatted): Parameters {
  return { text, entities };
}

function toMessageId(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null || !("message_id" in result)) return undefined;
  return String(result.message_id);
}
