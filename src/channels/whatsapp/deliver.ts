import type { OutgoingFile, OutgoingReply, SendResult } from "../channel.ts";
import { toReplyPieces } from "../rich-text/pieces.ts";
import { sendPieces } from "../rich-text/send-pieces.ts";
import { isGroup, parseMessageId } from "./address.ts";
import type { WhatsAppSettings } from "./config.ts";
import { part, words } from "./content.ts";
import { cutForWhatsApp, toMarked } from "./format.ts";
import type { LibraryCalls } from "./library-calls.ts";
import { largestFile, uploadMedia } from "./media.ts";
import { toOwnId } from "./own-id.ts";
import type { LibraryAnswer, MessageContent } from "./wire.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";

export interface DeliveryOptions {
  readonly calls: LibraryCalls;
  readonly settings: WhatsAppSettings;
}

const slowDownMs = 60_000;
const editType = 14;

/** What goes out to chats. Never rejects for what WhatsApp or the network does. */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  async send(chat: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult> {
    return await sendPieces(toReplyPieces(reply, cutForWhatsApp), async (piece, { index }) => {
      const text = reply.isLiteral === true ? piece.text : toMarked(piece);
      // A text with a context is never looked at for links: nothing is fetched for a picture of them.
      const extendedTextMessage = { text, ...(index === 0 ? toAnswering(chat, reply) : {}) };
      const key = index === 0 ? reply.key : `${reply.key} ${index}`;
      return await this.#relay(chat, key, { extendedTextMessage }, signal);
    });
  }

  async edit(chat: string, message: string, reply: OutgoingReply, signal: AbortSignal): Promise<SendResult> {
    const [piece] = toReplyPieces(reply, cutForWhatsApp);
    if (piece === undefined) return { type: "refused", reason: "there is nothing to show" };
    const key = { remoteJid: chat, fromMe: true, id: message };
    const editedMessage = { extendedTextMessage: { text: toMarked(piece) } };
    const protocolMessage = { key, type: editType, editedMessage, timestampMs: Date.now() };
    const result = await this.#relay(chat, `${reply.key} edit ${Date.now()}`, { protocolMessage }, signal);
    return result.type === "sent" ? { type: "sent", platformId: message } : result;
  }

  async react(chat: string, message: string, emoji: string, signal: AbortSignal): Promise<SendResult> {
    const { id, author } = parseMessageId(message);
    const key = {
      remoteJid: chat,
      id,
      fromMe: false,
      ...(author === undefined ? {} : { participant: author }),
    };
    const reactionMessage = { key, text: emoji, senderTimestampMs: Date.now() };
    return await this.#relay(chat, `react ${message} ${Date.now()}`, { reactionMessage }, signal);
  }

  async sendFile(
    chat: string,
    reply: OutgoingReply,
    file: OutgoingFile,
    signal: AbortSignal,
  ): Promise<SendResult> {
    if (file.bytes.length > largestFile) {
      return {
        type: "refused",
        reason: whatsappWords.fileTooLarge({ megabytes: largestFile / 1_000_000 }).message,
      };
    }
    const { calls, settings } = this.#options;
    const place = await calls.call({ do: "upload-place" }, signal);
    // Asking where to put it has sent nothing that anybody sees.
    if (place.type !== "done") return { type: "not-sent", reason: place.reason };
    const auth = words(place.value, "auth");
    const hosts = toTexts(place.value);
    const uploaded = await uploadMedia(file, { auth, hosts, base: settings.mediaUrl }, signal);
    if (uploaded.type !== "done") return uploaded;
    const [field = ""] = Object.keys(uploaded.content);
    const [caption] = reply.text === "" ? [] : toReplyPieces(reply, cutForWhatsApp);
    // A sound shows no words.
    const mayHaveCaption = caption !== undefined && field !== "audioMessage";
    const content = {
      [field]: {
        ...part(uploaded.content, field),
        ...(mayHaveCaption ? { caption: toMarked(caption) } : {}),
        ...toAnswering(chat, reply),
      },
    };
    const sent = await this.#relay(chat, reply.key, content, signal);
    if (sent.type !== "sent" || mayHaveCaption || reply.text === "") return sent;
    const said = await this.send(chat, { ...reply, key: `${reply.key} words` }, signal);
    return said.type === "sent" ? sent : said;
  }

  async #relay(chat: string, key: string, content: MessageContent, signal: AbortSignal): Promise<SendResult> {
    const { calls, settings } = this.#options;
    const id = toOwnId(`${chat} ${key}`, settings.key);
    return toSendResult(await calls.call({ do: "send", chat, id, content }, signal), id);
  }
}

/** In a group it is seen what is answered. Its words are not repeated: they are there. */
function toAnswering(chat: string, { answers }: OutgoingReply): MessageContent {
  if (answers === undefined || !isGroup(chat)) return {};
  const { id, author } = parseMessageId(answers);
  if (author === undefined) return {};
  return { contextInfo: { stanzaId: id, participant: author, quotedMessage: { conversation: "" } } };
}

function toTexts(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null || !("hosts" in value) || !Array.isArray(value.hosts))
    return [];
  return value.hosts.filter((host) => typeof host === "string");
}

function toSendResult(answer: LibraryAnswer, id: string): SendResult {
  switch (answer.type) {
    case "done":
      return { type: "sent", platformId: id };
    case "slow-down":
      return { type: "wait", ms: slowDownMs, scope: "account", reason: answer.reason };
    case "not-sent":
    case "refused":
    case "unknown":
      return { type: answer.type, reason: answer.reason };
    default:
      return answer satisfies never;
  }
}
