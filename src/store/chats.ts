import { dateOf, optionalDateOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toChatId, toGroupId, type ChatId, type GroupId } from "./ids.ts";

/** Where a message comes from and a reply goes to. */
export interface ChatAddress {
  readonly channel: string;
  readonly account: string;
  /** The platform's own id. */
  readonly chat: string;
}

export interface Chat extends ChatAddress {
  readonly id: ChatId;
  /** Without one it was seen, and belongs to nobody yet. */
  readonly group: GroupId | undefined;
  readonly title: string | undefined;
  /** One person and the assistant. */
  readonly isPrivate: boolean;
  readonly createdAt: Date;
  readonly lastMessageAt: Date | undefined;
}

export interface SeenChat extends ChatAddress {
  readonly title: string | undefined;
  readonly isPrivate: boolean;
  readonly now: number;
}

/** The chat as it is now; made if it was never seen. */
export async function seeChat(tx: Transaction, seen: SeenChat): Promise<Chat> {
  const row = await tx.get(
    `INSERT INTO chats (channel, account, chat, title, is_private, created_at, last_message_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (channel, account, chat) DO UPDATE SET title = coalesce(excluded.title, title),
       is_private = excluded.is_private, last_message_at = excluded.last_message_at
     RETURNING *`,
    seen.channel,
    seen.account,
    seen.chat,
    seen.title ?? null,
    seen.isPrivate ? 1 : 0,
    seen.now,
    seen.now,
  );
  return toChat(row ?? {});
}

export async function findChat(reader: Reader, address: ChatAddress): Promise<Chat | undefined> {
  const row = await reader.get(
    "SELECT * FROM chats WHERE channel = ? AND account = ? AND chat = ?",
    address.channel,
    address.account,
    address.chat,
  );
  return row === undefined ? undefined : toChat(row);
}

export async function findChatById(reader: Reader, id: ChatId): Promise<Chat | undefined> {
  const row = await reader.get("SELECT * FROM chats WHERE id = ?", id);
  return row === undefined ? undefined : toChat(row);
}

/** Those of one group, or those that belong to none; in the order they were first seen. */
export async function listChats(reader: Reader, group: GroupId | undefined): Promise<Chat[]> {
  const rows =
    group === undefined
      ? await reader.all("SELECT * FROM chats WHERE group_id IS NULL ORDER BY id")
      : await reader.all("SELECT * FROM chats WHERE group_id = ? ORDER BY id", group);
  return rows.map(toChat);
}

/** Of a group: the last used one of each account of a channel, the last used first. */
export async function listPrivateChats(reader: Reader, group: GroupId): Promise<Chat[]> {
  // SQLite takes the other columns from the row that has the greatest.
  const rows = await reader.all(
    `SELECT *, max(coalesce(last_message_at, created_at)) AS used_at FROM chats WHERE group_id = ? AND is_private = 1
     GROUP BY channel, account ORDER BY used_at DESC, id DESC`,
    group,
  );
  return rows.map(toChat);
}

export async function bindChat(tx: Transaction, chat: ChatId, group: GroupId | undefined): Promise<void> {
  await tx.run("UPDATE chats SET group_id = ? WHERE id = ?", group ?? null, chat);
}

function toChat(row: Row): Chat {
  return {
    id: toChatId(row["id"]),
    channel: textOf(row, "channel"),
    account: textOf(row, "account"),
    chat: textOf(row, "chat"),
    group: row["group_id"] === null ? undefined : toGroupId(row["group_id"]),
    title: optionalTextOf(row, "title"),
    isPrivate: row["is_private"] === 1,
    createdAt: dateOf(row, "created_at"),
    lastMessageAt: optionalDateOf(row, "last_message_at"),
  };
}
