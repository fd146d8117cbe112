import type { IncomingFile, IncomingMessage, IncomingQuote } from "../channel.ts";
import { isDirect, toChatAddress, toMessageId } from "./address.ts";
import { toFields, toList, toText, type Fields } from "./fields.ts";
import type { Me } from "./me.ts";
import { readText } from "./read-text.ts";

export interface Reading {
  readonly me: Pick<Me, "user" | "bot" | "name">;
  /** Each thread of a channel is a chat of its own. */
  readonly separateThreads: boolean;
}

/** What of Slack's kinds of messages somebody says; the others tell of the conversation itself (who came, what was pinned). */
const spoken: ReadonlySet<unknown> = new Set([
  undefined,
  "file_share",
  "thread_broadcast",
  "me_message",
  "bot_message",
]);

/** Slack's own voice. */
const slackbot = "USLACKBOT";

/** A message as ours; nothing for what is no message, what we wrote ourselves, and what says nothing. */
export function readMessage(event: Fields, { me, separateThreads }: Reading): IncomingMessage | undefined {
  const channel = toText(event["channel"]);
  const time = toText(event["ts"]);
  if (channel === undefined || time === undefined || !spoken.has(event["subtype"])) return undefined;
  const sender = toText(event["user"]) ?? toText(event["bot_id"]);
  if (sender === undefined || sender === me.user || sender === me.bot) return undefined;
  if (me.bot !== "" && event["bot_id"] === me.bot) return undefined;
  const { text: words, isMention } = readText(toText(event["text"]) ?? readAttachments(event), me.user);
  const files = readFiles(event);
  // Who only calls is heard.
  const text = words === "" && isMention && files.length === 0 ? `@${me.name}` : words;
  if (text === "" && files.length === 0) return undefined;
  const thread = toText(event["thread_ts"]);
  const isReply = thread !== undefined && thread !== time;
  const quote = isReply && event["parent_user_id"] !== undefined ? readQuote(event) : undefined;
  const isPrivate = isDirect(channel);
  return {
    chat: toChat(channel, isReply ? thread : undefined, separateThreads),
    id: toMessageId(time, thread),
    sender: { id: sender },
    text,
    isPrivate,
    isMention: isMention || (isReply && event["parent_user_id"] === me.user),
    sentAt: Math.round(Number(time) * 1000),
    ...(quote === undefined ? {} : { quote }),
    ...(files.length === 0 ? {} : { files }),
    ...(event["bot_id"] === undefined && sender !== slackbot ? {} : { isFromBot: true }),
  };
}

/** Of a correction: the message as it is now, under an id of its own. Previews that Slack adds are none. */
export function readChange(event: Fields, reading: Reading): IncomingMessage | undefined {
  const now = toFields(event["message"]);
  const before = toFields(event["previous_message"]);
  const editedAt = toText(toFields(now["edited"])["ts"]);
  if (editedAt === undefined || now["text"] === before["text"]) return undefined;
  const read = readMessage({ ...now, channel: event["channel"] }, reading);
  return read === undefined ? undefined : { ...read, id: `${read.id}e${editedAt}`, editOf: read.id };
}

/** In private an answer belongs into the thread that was written in; in a channel a thread is a place only when it was asked for. */
export function toChat(channel: string, thread: string | undefined, separateThreads: boolean): string {
  const isApart = thread !== undefined && (separateThreads || isDirect(channel));
  return toChatAddress(isApart ? { channel, thread } : { channel });
}

function readQuote(event: Fields): IncomingQuote | undefined {
  const message = toText(event["thread_ts"]);
  const root = toFields(event["root"]);
  const text = toText(root["text"]);
  return message === undefined || text === undefined ? undefined : { text, message };
}

function readFiles(event: Fields): readonly IncomingFile[] {
  return toList(event["files"]).flatMap((file) => {
    const address = toText(file["url_private_download"]) ?? toText(file["url_private"]);
    // What was deleted, or lies with another service, is nothing that can be fetched.
    if (address === undefined || file["mode"] === "tombstone" || file["is_external"] === true) return [];
    const mediaType = toText(file["mimetype"]);
    const name = toText(file["name"]) ?? toText(file["title"]);
    const { size } = file;
    return [
      {
        reference: address,
        kind: toKind(mediaType, file),
        ...(name === undefined ? {} : { name }),
        ...(mediaType === undefined ? {} : { mediaType }),
        ...(typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? { bytes: size } : {}),
      },
    ];
  });
}

function toKind(mediaType: string | undefined, { subtype }: Fields): IncomingFile["kind"] {
  if (subtype === "slack_audio") return "voice";
  if (mediaType?.startsWith("image/") === true) return "photo";
  if (mediaType?.startsWith("audio/") === true) return "audio";
  return mediaType?.startsWith("video/") === true ? "video" : "document";
}

/** Other programs often write nothing but what stands beside their text. */
function readAttachments(event: Fields): string {
  return toList(event["attachments"])
    .map((each) => toText(each["text"]) ?? toText(each["fallback"]) ?? toText(each["title"]) ?? "")
    .filter((text) => text !== "")
    .join("\n");
}
