import type { Message, UserFromGetMe } from "@grammyjs/types";
import type { IncomingMessage, IncomingQuote, IncomingSender } from "../channel.ts";
import { toChatAddress } from "./address.ts";
import { describeContent, describeOrigin, toSender, toTitle } from "./describe.ts";
import { readFiles } from "./read-files.ts";
import { readText } from "./read-text.ts";

export interface Reading {
  readonly me: UserFromGetMe;
  readonly separateTopics: boolean;
}

/** A message as ours; nothing for what only tells of the chat itself (who came, what was pinned). */
export function readMessage(message: Message, { me, separateTopics }: Reading): IncomingMessage | undefined {
  const { chat, forward_origin: origin, reply_to_message: answered } = message;
  const { text, isMention } = readText(message, me);
  const content = describeContent(message);
  // A person who answers a file asks about it.
  const files = [...readFiles(message), ...(answered === undefined ? [] : readFiles(answered))];
  if (text === "" && content === undefined && files.length === 0) return undefined;
  // What another wrote is not the words of who passes it on.
  const forwarded = origin === undefined ? undefined : `forwarded from ${describeOrigin(origin)}`;
  const note = forwarded === undefined ? content : toNote(forwarded, content ?? text);
  const quote = readQuote(message, me);
  const answersUs = answered?.from?.id === me.id && quote !== undefined;
  return {
    chat: toChatAddress(chat, readThread(message), separateTopics),
    id: String(message.message_id),
    sender: readSender(message),
    text: origin === undefined ? text : "",
    isPrivate: chat.type === "private",
    title: toTitle(chat),
    isMention: isMention || answersUs,
    sentAt: message.date * 1000,
    ...(note === undefined ? {} : { note }),
    ...(quote === undefined ? {} : { quote }),
    ...(files.length === 0 ? {} : { files }),
    ...(message.from?.is_bot === true && message.sender_chat === undefined ? { isFromBot: true } : {}),
  };
}

/** The topic of a forum; in other groups the same field only tells who answers whom. */
export function readThread(message: Message): number | undefined {
  return message.is_topic_message === true ? message.message_thread_id : undefined;
}

/** Who writes as a chat (a channel, an anonymous administrator) is that chat. */
function readSender({ from, sender_chat: as, chat }: Message): IncomingSender {
  if (as !== undefined) return { id: String(as.id), name: toTitle(as) };
  if (from !== undefined) return toSender(from);
  return { id: String(chat.id), name: toTitle(chat) };
}

function readQuote(message: Message, me: UserFromGetMe): IncomingQuote | undefined {
  const { reply_to_message: answered, external_reply: outside, quote } = message;
  if (answered !== undefined && answered.forum_topic_created === undefined) {
    const words = quote?.text ?? readText(answered, me).text;
    const text = words === "" ? (describeContent(answered) ?? describeFile(answered)) : words;
    return { text, from: readSender(answered).name ?? "", message: String(answered.message_id) };
  }
  if (outside === undefined) return undefined;
  return { text: quote?.text ?? "", from: describeOrigin(outside.origin) };
}

function describeFile(message: Message): string {
  const [file] = readFiles(message);
  return file === undefined ? "" : `a ${file.kind}`;
}

function toNote(head: string, content: string): string {
  return content === "" ? head : `${head}:\n${content}`;
}
