import type { Mail } from "../../mail/read-mail.ts";

/** `anna@example.com`, or `anna@example.com/1f3a…` for a thread that is a chat of its own. */
export function toChatAddress(
  { from, references, id }: Pick<Mail, "from" | "references" | "id">,
  isSeparate: boolean,
): string {
  if (!isSeparate) return from.address;
  const root = references[0] ?? id;
  return `${from.address}/${Bun.SHA256.hash(root, "hex").slice(0, 16)}`;
}

/** Whom a chat is with. */
export function toCorrespondent(chat: string): string {
  const cut = chat.lastIndexOf("/");
  return cut > chat.lastIndexOf("@") ? chat.slice(0, cut) : chat;
}
