import type { Secret } from "../../secret.ts";
import type { IncomingMessage, IncomingQuote, IncomingSender } from "../channel.ts";
import { isGroup, isOwn, toChat, toMessageId, toPerson, toSenderId } from "./address.ts";
import { list, part, unwrap, words } from "./content.ts";
import { describeContent } from "./describe.ts";
import { isOwnId } from "./own-id.ts";
import { readFiles } from "./read-files.ts";
import type { ArrivedMessage, MessageContent, OwnIds } from "./wire.ts";

export interface Reading {
  readonly me: OwnIds;
  readonly key: Secret;
}

/** A message as ours; nothing for what was never said to us: our own, what the owner writes to others, what only telephones read. */
export function readMessage(arrived: ArrivedMessage, { me, key }: Reading): IncomingMessage | undefined {
  const { chat, isFromUs } = arrived;
  if (!/@(?:s\.whatsapp\.net|lid|g\.us)$/.test(chat) || arrived.id === "" || isOwnId(arrived.id, key))
    return undefined;
  const isToSelf = isOwn(chat, me) || isOwn(arrived.chatPhone, me);
  // From the owner's telephone we hear what he tells himself, and nothing that he tells others.
  if (isFromUs ? !isToSelf : isToSelf) return undefined;
  const sender = readSender(arrived, me);
  if (sender.id === "") return undefined;
  const common = {
    chat: isToSelf ? toPerson(me.phone) : toChat(arrived),
    id: toMessageId(
      isGroup(chat) && arrived.author !== undefined
        ? { id: arrived.id, author: arrived.author }
        : { id: arrived.id },
    ),
    sender,
    isPrivate: !isGroup(chat),
    ...(Number.isFinite(arrived.at) ? { sentAt: arrived.at * 1000 } : {}),
    ...(arrived.title === undefined ? {} : { title: arrived.title }),
  };
  return readContent(unwrap(arrived.content), arrived, common, me);
}

type Common = Pick<IncomingMessage, "chat" | "id" | "sender" | "isPrivate" | "sentAt" | "title">;

function readContent(
  content: MessageContent,
  arrived: ArrivedMessage,
  common: Common,
  me: OwnIds,
): IncomingMessage | undefined {
  const reaction = part(content, "reactionMessage");
  if (reaction !== undefined) {
    const sign = words(reaction, "text");
    const of = readKey(part(reaction, "key"), arrived);
    return sign === "" || of === undefined ? undefined : { ...common, text: sign, reactionTo: of };
  }
  const protocol = part(content, "protocolMessage");
  if (protocol !== undefined) return readChange(protocol, arrived, common, me);
  const { text, context } = readText(content);
  const files = readFiles(content);
  const note = describeContent(content);
  if (text === "" && files.length === 0 && note === undefined) return undefined;
  const quote = readQuote(context, arrived, me);
  const mentions = list(context, "mentionedJid").filter((each) => typeof each === "string");
  const isMention = mentions.some((each) => isOwn(each, me)) || isOwn(words(context, "participant"), me);
  const isForwarded = Object.getOwnPropertyDescriptor(context ?? {}, "isForwarded")?.value === true;
  return {
    ...common,
    // What another wrote is not the words of who passes it on.
    text: isForwarded ? "" : withoutOwnName(text, me),
    isMention,
    ...(isForwarded ? { note: ["forwarded:", note ?? text].join("\n") } : note === undefined ? {} : { note }),
    ...(quote === undefined ? {} : { quote }),
    ...(files.length === 0 ? {} : { files }),
  };
}

/** Another message of the chat has other words now, or none. */
function readChange(
  protocol: MessageContent,
  arrived: ArrivedMessage,
  common: Common,
  me: OwnIds,
): IncomingMessage | undefined {
  const of = readKey(part(protocol, "key"), arrived);
  if (of === undefined) return undefined;
  switch (words(protocol, "type") || "REVOKE") {
    case "REVOKE":
      return { ...common, text: "", editOf: of, note: "took back what was written" };
    case "MESSAGE_EDIT": {
      const { text } = readText(unwrap(part(protocol, "editedMessage") ?? {}));
      return text === "" ? undefined : { ...common, text: withoutOwnName(text, me), editOf: of };
    }
    default:
      return undefined;
  }
}

function readText(content: MessageContent): {
  readonly text: string;
  readonly context: MessageContent | undefined;
} {
  const plain = words(content, "conversation");
  if (plain !== "") return { text: plain, context: undefined };
  const extended = part(content, "extendedTextMessage");
  if (extended !== undefined)
    return { text: words(extended, "text"), context: part(extended, "contextInfo") };
  for (const name of Object.keys(content)) {
    const each = part(content, name);
    if (each === undefined || name === "messageContextInfo") continue;
    const text = words(each, "caption") || words(each, "selectedDisplayText");
    return { text, context: part(each, "contextInfo") };
  }
  return { text: "", context: undefined };
}

function readSender(
  { chat, chatPhone, author, authorPhone, name, isFromUs }: ArrivedMessage,
  me: OwnIds,
): IncomingSender {
  // The telephone that is linked is the owner's: it was linked at his terminal.
  if (isFromUs) return { id: toSenderId(me.phone), isOwner: true, ...(name === undefined ? {} : { name }) };
  const address = isGroup(chat) ? (authorPhone ?? author ?? "") : (chatPhone ?? chat);
  return { id: toSenderId(address), ...(name === undefined ? {} : { name }) };
}

function readQuote(
  context: MessageContent | undefined,
  arrived: ArrivedMessage,
  me: OwnIds,
): IncomingQuote | undefined {
  const id = words(context, "stanzaId");
  if (id === "") return undefined;
  const author = words(context, "participant");
  const quoted = unwrap(part(context, "quotedMessage") ?? {});
  const { text } = readText(quoted);
  const [file] = readFiles(quoted);
  const seen = text === "" ? (describeContent(quoted) ?? (file === undefined ? "" : `a ${file.kind}`)) : text;
  const place = isGroup(arrived.chat) && author !== "" ? { id, author } : { id };
  return {
    text: seen,
    message: toMessageId(place),
    ...(author === "" ? {} : { from: isOwn(author, me) ? "you" : toSenderId(author) }),
  };
}

function readKey(key: MessageContent | undefined, { chat, author }: ArrivedMessage): string | undefined {
  const id = words(key, "id");
  if (id === "") return undefined;
  const of = words(key, "participant") || author;
  return toMessageId(isGroup(chat) && of !== undefined ? { id, author: of } : { id });
}

/** Who is named stands in the words as a number: `@4915112345678`. Ours says nothing. */
function withoutOwnName(text: string, me: OwnIds): string {
  const numbers = [me.phone, me.hidden ?? ""]
    .map((each) => toPerson(each).replace(/@.*$/, ""))
    .filter((each) => each !== "");
  const named = numbers.filter((each) => text.includes(`@${each}`));
  return named.length === 0
    ? text
    : named.reduce((rest, each) => rest.replaceAll(`@${each}`, ""), text).trim();
}
