import { AppError } from "../errors.ts";
import { bindChat, isOwnersChat, listChats, type Chat } from "../store/chats.ts";
import type { Transaction } from "../store/database.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { getGroupById, mainGroup, type Group } from "../store/groups.ts";
import { declineWaitingOfChat } from "../store/messages.ts";
import { addReply } from "../store/replies.ts";
import { groupWords } from "../words/english/group.ts";

export interface Bound {
  readonly chat: Chat;
  /** Those that the group had before: who reads in one learns what is said in the others. */
  readonly others: readonly Chat[];
  readonly isGreeted: boolean;
}

/**
 * From now on the chat is the group's, and it is greeted if the group has a greeting. Throws `AppError("conflict")` for one
 * that is another group's, and for main and a chat in which not only the owner reads.
 */
export async function bindChatTo(tx: Transaction, group: Group, chat: Chat, now: number): Promise<Bound> {
  if (chat.group !== undefined && chat.group !== group.id) {
    const other = await getGroupById(tx, chat.group);
    throw new AppError("conflict", groupWords.chatTaken({ chat: chat.id, group: other.name }));
  }
  if (group.name === mainGroup && !(await isOwnersChat(tx, chat))) {
    throw new AppError("conflict", groupWords.mainIsPrivate({ chat: chat.id }));
  }
  const others = (await listChats(tx, group.id)).filter(({ id }) => id !== chat.id);
  if (chat.group === group.id) return { chat, others, isGreeted: false };
  await bindChat(tx, chat.id, group.id);
  const { greeting = "" } = await readGroupSettings(tx, group.id);
  if (greeting === "") return { chat, others, isGreeted: false };
  const key = `g${group.id}c${chat.id}a${now}`;
  await addReply(tx, { key, chat: chat.id, group: group.id, kind: "notice", text: greeting, now });
  return { chat, others, isGreeted: true };
}

export interface Unbound {
  readonly group: Group;
  /** What the owner writes there next is main's again, as in every private chat of his that is nobody's. */
  readonly fallsToMain: boolean;
}

/** It is remembered and belongs to nobody; what waits there is declined. Throws `AppError("conflict")` when it did not belong to anybody. */
export async function unbindChat(tx: Transaction, chat: Chat, now: number): Promise<Unbound> {
  if (chat.group === undefined) throw new AppError("conflict", groupWords.chatIsFree({ chat: chat.id }));
  const group = await getGroupById(tx, chat.group);
  await bindChat(tx, chat.id, undefined);
  await declineWaitingOfChat(tx, chat.id, { reason: "the chat was taken away from its group", now });
  return { group, fallsToMain: await isOwnersChat(tx, chat) };
}
