import { dateOf, integerOf, optionalDateOf, optionalIntegerOf, optionalTextOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toChatId, toGroupId, toPersonId, type ChatId, type GroupId, type PersonId } from "./ids.ts";

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
  /** Of a private one: who is there. */
  readonly person: PersonId | undefined;
  /** When it was last told what a stranger can do, epoch milliseconds. */
  readonly noticedAt: number | undefined;
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
  const { channel, account, chat, title, isPrivate, now } = seen;
  const known = await tx.get(
    `UPDATE chats SET title = coalesce(?, title), is_private = ?, last_message_at = ?
     WHERE channel = ? AND account = ? AND chat = ? RETURNING *`,
    title ?? null,
    isPrivate ? 1 : 0,
    now,
    channel,
    account,
    chat,
  );
  if (known !== undefined) return toChat(known);
  // Not by a conflict of an insert: each would use up a number, and people type these.
  const made = await tx.get(
    `INSERT INTO chats (channel, account, chat, title, is_private, created_at, last_message_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    channel,
    account,
    chat,
    title ?? null,
    isPrivate ? 1 : 0,
    now,
    now,
  );
  return toChat(made ?? {});
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

/** The private chats of one person. */
export async function listChatsOfPerson(reader: Reader, person: PersonId): Promise<Chat[]> {
  return (await reader.all("SELECT * FROM chats WHERE person_id = ? ORDER BY id", person)).map(toChat);
}

export async function setChatPerson(tx: Transaction, chat: ChatId, person: PersonId): Promise<void> {
  await tx.run("UPDATE chats SET person_id = ? WHERE id = ?", person, chat);
}

export async function setChatNoticed(tx: Transaction, chat: ChatId, now: number): Promise<void> {
  await tx.run("UPDATE chats SET noticed_at = ? WHERE id = ?", now, chat);
}

export interface ChatSummary extends Chat {
  /** Of the group, without one it belongs to nobody. */
  readonly groupName: string | undefined;
  readonly messages: number;
  readonly people: number;
}

/** All that were ever seen, whoever's they are; the one that was written in last comes first. */
export async function summarizeChats(reader: Reader): Promise<ChatSummary[]> {
  const rows = await reader.all(
    `SELECT chats.*, groups.name AS group_name, count(messages.id) AS messages,
       count(DISTINCT messages.person_id) AS people
     FROM chats LEFT JOIN groups ON groups.id = chats.group_id LEFT JOIN messages ON messages.chat_id = chats.id
     GROUP BY chats.id ORDER BY chats.last_message_at DESC, chats.id`,
  );
  return rows.map((row) => ({
    ...toChat(row),
    groupName: optionalTextOf(row, "group_name"),
    messages: integerOf(row, "messages"),
    people: integerOf(row, "people"),
  }));
}

/** Of those that the word may mean, by number, by `channel:chat`, `channel:account:chat`, title, or, without one, the platform's id. */
export async function findChatsByWord(reader: Reader, word: string): Promise<Chat[]> {
  const number = /^#?(\d{1,15})$/.exec(word)?.[1];
  const byNumber =
    number === undefined ? [] : await reader.all("SELECT * FROM chats WHERE id = ?", Number(number));
  if (byNumber.length > 0) return byNumber.map(toChat);
  const rows = await reader.all(
    `SELECT * FROM chats WHERE channel || ':' || chat = ?1 OR channel || ':' || account || ':' || chat = ?1
     ORDER BY id LIMIT 20`,
    word,
  );
  if (rows.length > 0) return rows.map(toChat);
  const titled = await reader.all("SELECT * FROM chats WHERE title IS NOT NULL ORDER BY id");
  const wanted = fold(word);
  // Where a chat has no title lists show its id; who gives his chat that title makes it unclear, and no more.
  const untitled = await reader.all(
    "SELECT * FROM chats WHERE title IS NULL AND chat = ? ORDER BY id LIMIT 20",
    word,
  );
  return [...titled.map(toChat).filter(({ title = "" }) => fold(title) === wanted), ...untitled.map(toChat)];
}

export async function listTitles(reader: Reader): Promise<string[]> {
  const rows = await reader.all("SELECT DISTINCT title FROM chats WHERE title IS NOT NULL");
  return rows.map((row) => textOf(row, "title"));
}

/** As people compare titles: without regard to case, to accents' spelling, and to what has no width. */
function fold(title: string): string {
  return title
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim()
    .toLowerCase();
}

/** One person writes there beside us, and he is an owner. */
export async function isOwnersChat(reader: Reader, { id, isPrivate }: Chat): Promise<boolean> {
  if (!isPrivate) return false;
  const row = await reader.get(
    `SELECT count(DISTINCT person_id) AS people,
       coalesce(max(people.is_owner), 0) OR (SELECT person_kind = 'owner' FROM messages AS latest
         WHERE latest.chat_id = ?1 ORDER BY latest.id DESC LIMIT 1) AS is_owner
     FROM messages JOIN people ON people.id = messages.person_id WHERE messages.chat_id = ?1`,
    id,
  );
  return row?.["people"] === 1 && row["is_owner"] === 1;
}

/** Of whichever account of the channel. */
export async function findChatOn(reader: Reader, channel: string, chat: string): Promise<Chat | undefined> {
  const row = await reader.get(
    "SELECT * FROM chats WHERE channel = ? AND chat = ? ORDER BY last_message_at DESC LIMIT 1",
    channel,
    chat,
  );
  return row === undefined ? undefined : toChat(row);
}

/** Where the group's people were heard last. */
export async function findLastActiveChat(reader: Reader, group: GroupId): Promise<Chat | undefined> {
  const row = await reader.get(
    "SELECT * FROM chats WHERE group_id = ? ORDER BY last_message_at IS NULL, last_message_at DESC, id LIMIT 1",
    group,
  );
  return row === undefined ? undefined : toChat(row);
}

export async function bindChat(tx: Transaction, chat: ChatId, group: GroupId | undefined): Promise<void> {
  await tx.run("UPDATE chats SET group_id = ? WHERE id = ?", group ?? null, chat);
}

/** The platform gave it another id. Where that one was seen already, it takes over what belongs to the old one. */
export async function moveChat(tx: Transaction, from: ChatAddress, to: string): Promise<void> {
  const old = await findChat(tx, from);
  if (old === undefined) return;
  const known = await findChat(tx, { ...from, chat: to });
  if (known === undefined) {
    await tx.run("UPDATE chats SET chat = ? WHERE id = ?", to, old.id);
    return;
  }
  if (known.group === undefined) await bindChat(tx, known.id, old.group);
  await bindChat(tx, old.id, undefined);
  await tx.run(
    "UPDATE replies SET chat_id = ? WHERE chat_id = ? AND state IN ('draft', 'pending', 'sending')",
    known.id,
    old.id,
  );
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
    person: row["person_id"] === null ? undefined : toPersonId(row["person_id"]),
    noticedAt: optionalIntegerOf(row, "noticed_at"),
    createdAt: dateOf(row, "created_at"),
    lastMessageAt: optionalDateOf(row, "last_message_at"),
  };
}
