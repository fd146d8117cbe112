import type { Clock } from "../../clock.ts";
import type { OutgoingFile, OutgoingReply, SendResult } from "../channel.ts";
import { Pace } from "../pace.ts";
import { toReplyPieces } from "../rich-text/pieces.ts";
import { sendPieces } from "../rich-text/send-pieces.ts";
import { isGroup, parseMessageId } from "./address.ts";
import type { WhatsAppSettings } from "./config.ts";
import { part, words } from "./content.ts";
import { cutForWhatsApp, toMarked } from "./format.ts";
import type { LibraryCalls } from "./library-calls.ts";
import { largestFile, uploadMedia } from "./media.ts";
import { toOwnId } from "./own-id.ts";
import type { LibraryAnswer, LibraryRequest, MessageContent } from "./wire.ts";
import { whatsappWords } from "../../words/english/whatsapp.ts";

export interface DeliveryOptions {
  readonly calls: LibraryCalls;
  readonly settings: WhatsAppSettings;
  readonly clock: Clock;
}

/** WhatsApp says that one shall wait, and not for how long: from little to much, as often as it says it. */
const firstWaitMs = 10_000;
const longestWaitMs = 10 * 60_000;
const editType = 14;

/** What goes out to chats. Never rejects for what WhatsApp or the network does. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #pace: Pace;
  #waitMs = firstWaitMs;
  #isPlaceUseless = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock, "WhatsApp");
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
    const { mediaUrl: base, proxy } = this.#options.settings;
    const place = await this.#call({ do: "upload-place", isAnother: this.#isPlaceUseless }, signal);
    // Asking where to put it has sent nothing that anybody sees.
    if (place.type === "unknown") return { ...place, type: "not-sent" };
    if (place.type !== "done") return place;
    const auth = words(place.value, "auth");
    const hosts = toTexts(place.value);
    const uploaded = await uploadMedia(file, { auth, hosts, base, proxy }, signal);
    this.#isPlaceUseless = uploaded.type === "not-sent";
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
    const id = toOwnId(`${chat} ${key}`, this.#options.settings.key);
    const answer = await this.#call({ do: "send", chat, id, content }, signal);
    return answer.type === "done" ? { type: "sent", platformId: id } : answer;
  }

  /** What WhatsApp asked to wait for is the account's: nothing more is asked for before that is over, connected anew or not. */
  async #call(
    request: LibraryRequest,
    signal: AbortSignal,
  ): Promise<Done | Exclude<SendResult, { type: "sent" }>> {
    const waiting = this.#pace.find(account);
    if (waiting !== undefined) return { ...waiting, scope: "account" };
    const answer = await this.#options.calls.call(request, signal);
    if (answer.type === "done") this.#waitMs = firstWaitMs;
    if (answer.type !== "slow-down") return answer;
    const wait = this.#pace.slowDown(account, this.#waitMs, answer.reason);
    this.#waitMs = Math.min(this.#waitMs * 2, longestWaitMs);
    return { ...wait, scope: "account" };
  }
}

type Done = Extract<LibraryAnswer, { type: "done" }>;

/** One limit for all chats. */
const account = "";

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
