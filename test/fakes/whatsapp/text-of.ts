import type { proto } from "baileys";

/** What a person reads of a message. */
export function textOf(message: proto.IMessage): string {
  const { conversation, extendedTextMessage, imageMessage, documentMessage, videoMessage } = message;
  const caption = imageMessage?.caption ?? documentMessage?.caption ?? videoMessage?.caption;
  return conversation || extendedTextMessage?.text || caption || "";
}
