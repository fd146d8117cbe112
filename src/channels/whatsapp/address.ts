import type { ArrivedMessage, OwnIds } from "./wire.ts";

/** `4915112345678:7@s.whatsapp.net` is the seventh device of a person: the person alone. */
export function toPerson(address: string): string {
  return address.replace(/:\d+@/, "@");
}

export function isGroup(address: string): boolean {
  return address.endsWith("@g.us");
}

/** A person's chat is known by the telephone's number where it is known: it is the same chat when the number gets hidden. */
export function toChat({ chat, chatPhone }: Pick<ArrivedMessage, "chat" | "chatPhone">): string {
  return toPerson(chatPhone ?? chat);
}

/** The number of the telephone, without anything around it; who hides it is known by the other number, which says so. */
export function toSenderId(address: string): string {
  const person = toPerson(address);
  return person.replace(/@(?:s\.whatsapp\.net|c\.us)$/, "");
}

export function isOwn(address: string | undefined, { phone, hidden }: OwnIds): boolean {
  if (address === undefined || address === "") return false;
  const person = toPerson(address);
  return person === toPerson(phone) || (hidden !== undefined && person === toPerson(hidden));
}

/** In a group a message is found by its id and its author; elsewhere the chat has said who that is. */
export interface MessagePlace {
  readonly id: string;
  readonly author?: string;
}

export function toMessageId({ id, author }: MessagePlace): string {
  return author === undefined ? id : `${id}/${toPerson(author)}`;
}

export function parseMessageId(text: string): MessagePlace {
  const [id = "", author] = text.split("/");
  return author === undefined ? { id } : { id, author };
}
