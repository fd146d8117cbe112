import type { Chat } from "@grammyjs/types";

/** Where Telegram puts something: a chat, and a topic in it. */
export interface Place {
  readonly chat: string;
  readonly thread?: number;
}

/** `-100123`, or `-100123:45` for a topic that is a chat of its own. */
export function toChatAddress(
  chat: Pick<Chat, "id">,
  thread: number | undefined,
  isSeparate: boolean,
): string {
  return isSeparate && thread !== undefined ? `${chat.id}:${thread}` : String(chat.id);
}

export function parsePlace(address: string): Place {
  const [chat = "", thread] = address.split(":");
  return thread === undefined ? { chat } : { chat, thread: Number(thread) };
}

/** How a place stands in a call. */
export function toPlaceParameters({ chat, thread }: Place): Readonly<Record<string, unknown>> {
  // An integer where it is one: other servers of the API take no text.
  const id = /^-?\d{1,15}$/.test(chat) ? Number(chat) : chat;
  return { chat_id: id, ...(thread === undefined ? {} : { message_thread_id: thread }) };
}
