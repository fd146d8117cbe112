import { listPrivateChats, type Chat, type ChatAddress } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import { addReply } from "../store/replies.ts";

export interface MainNotice {
  /** The same key again is the same notice: it is told once, also across restarts. */
  readonly key: string;
  readonly text: string;
  readonly now: number;
  /** Whether what is written for the chat reaches a person now; without it every chat does. */
  readonly canReach?: (chat: ChatAddress) => boolean;
}

/**
 * Tells the owner something that nobody asked: in that private chat of main's in which he wrote last, of those that can be
 * reached, else of all, where it waits. Returns the chat, for the outbox to be woken; undefined when he has none.
 */
export async function tellMain(tx: Transaction, notice: MainNotice): Promise<Chat | undefined> {
  const { key, text, now, canReach = () => true } = notice;
  const main = await getGroup(tx, mainGroup);
  const chats = await listPrivateChats(tx, main.id);
  const chat = chats.find(canReach) ?? chats[0];
  if (chat === undefined) return undefined;
  await addReply(tx, { key, chat: chat.id, group: main.id, kind: "notice", text, now });
  return chat;
}
