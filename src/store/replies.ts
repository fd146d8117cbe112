import { parseExtras, type ReplyExtras } from "./reply-extras.ts";
import { dateOf, integerOf, optionalDateOf, optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import {
  toApprovalId,
  toChatId,
  toGroupId,
  toMessageId,
  toReplyId,
  toTurnId,
  type ApprovalId,
  type ChatId,
  type GroupId,
  type MessageId,
  type ReplyId,
  type TurnId,
} from "./ids.ts";

export const replyStates = ["draft", "pending", "sending", "sent", "unknown", "failed"] as const;

export type ReplyState = (typeof replyStates)[number];

const kinds = ["answer", "notice"] as const;

/** A row of the outbox. */
export interface Reply {
  readonly id: ReplyId;
  /** What a platform is given to know a copy by. */
  readonly key: string;
  readonly chat: ChatId;
  readonly group: GroupId | undefined;
  readonly turn: TurnId | undefined;
  readonly message: MessageId | undefined;
  readonly kind: (typeof kinds)[number];
  readonly text: string;
  readonly extras: ReplyExtras | undefined;
  /** The card of a request: what stands on its buttons. */
  readonly buttons: readonly string[] | undefined;
  readonly approval: ApprovalId | undefined;
  /** What the channel made of it when it was written. */
  readonly format: string | undefined;
  readonly state: ReplyState;
  readonly reason: string | undefined;
  /** With one, what is to be sent is an edit of what stands there. */
  readonly platformId: string | undefined;
  readonly attempts: number;
  readonly unknowns: number;
  /** Not to be tried before, epoch milliseconds. */
  readonly nextAt: number;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
}

export interface NewReply {
  readonly key: string;
  readonly chat: ChatId;
  readonly group: GroupId | undefined;
  readonly turn?: TurnId;
  readonly message?: MessageId;
  readonly kind: (typeof kinds)[number];
  readonly text: string;
  readonly extras?: ReplyExtras;
  readonly buttons?: readonly string[];
  readonly approval?: ApprovalId;
  readonly format?: string;
  readonly now: number;
}

/**
 * Puts it behind all that waits for the chat; the same key again is the same reply. Where nothing waits it stands there
 * as being sent, so that no other write is needed before its first byte leaves.
 */
export async function addReply(tx: Transaction, reply: NewReply): Promise<Reply | undefined> {
  const open = await tx.get(
    "SELECT 1 FROM replies INDEXED BY replies_open WHERE chat_id = ? AND state IN ('pending', 'sending') LIMIT 1",
    reply.chat,
  );
  return await insert(tx, reply, open === undefined ? "sending" : "pending");
}

/** For another process to send: that of the gateway, now or when it runs. */
export async function addWaitingReply(tx: Transaction, reply: NewReply): Promise<Reply | undefined> {
  return await insert(tx, reply, "pending");
}

/** An answer that is still being written: its key is on disk before anything of it leaves. */
export async function addDraft(tx: Transaction, reply: NewReply): Promise<Reply | undefined> {
  return await insert(tx, reply, "draft");
}

async function insert(tx: Transaction, reply: NewReply, state: ReplyState): Promise<Reply | undefined> {
  const row = await tx.get(
    `INSERT INTO replies (key, chat_id, group_id, turn_id, message_id, kind, text, extras, buttons, approval_id, format,
       state, attempts, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO NOTHING RETURNING *`,
    reply.key,
    reply.chat,
    reply.group ?? null,
    reply.turn ?? null,
    reply.message ?? null,
    reply.kind,
    reply.text,
    reply.extras === undefined ? null : JSON.stringify(reply.extras),
    reply.buttons === undefined ? null : JSON.stringify(reply.buttons),
    reply.approval ?? null,
    reply.format ?? null,
    state,
    state === "sending" ? 1 : 0,
    reply.now,
  );
  return row === undefined ? undefined : toReply(row);
}

/** The draft that a chat was being shown, by this turn or by one that a crash ended. */
export async function findDraft(reader: Reader, chat: ChatId): Promise<Reply | undefined> {
  const row = await reader.get(
    "SELECT * FROM replies INDEXED BY replies_drafts WHERE chat_id = ? AND state = 'draft' ORDER BY id",
    chat,
  );
  return row === undefined ? undefined : toReply(row);
}

/** The platform knows it from now on: all that follows are edits. */
export async function setPlatformId(tx: Transaction, id: ReplyId, platformId: string): Promise<void> {
  await tx.run("UPDATE replies SET platform_id = ? WHERE id = ?", platformId, id);
}

interface LastWords {
  readonly turn: TurnId;
  readonly message: MessageId;
  readonly text: string;
  readonly format?: string;
}

/** The draft's last words: from now on it is sent like any other. */
export async function finishDraft(
  tx: Transaction,
  id: ReplyId,
  { turn, message, text, format }: LastWords,
): Promise<void> {
  await tx.run(
    `UPDATE replies SET text = ?, format = ?, turn_id = ?, message_id = ?, state = 'pending', unknowns = (platform_id IS NULL)
     WHERE id = ? AND state = 'draft'`,
    text,
    format ?? null,
    turn,
    message,
    id,
  );
}

/** Other words in their place, before it leaves. */
export async function rewriteReply(
  tx: Transaction,
  { id, text, format, extras }: Pick<Reply, "id" | "text" | "format" | "extras">,
): Promise<void> {
  const json = extras === undefined ? null : JSON.stringify(extras);
  await tx.run(
    "UPDATE replies SET text = ?, format = ?, extras = ? WHERE id = ?",
    text,
    format ?? null,
    json,
    id,
  );
}

/**
 * What a process that died was sending waits again; whether it arrived nobody knows. Called once, before anything is sent.
 */
export async function recoverReplies(tx: Transaction): Promise<void> {
  await tx.run(
    `UPDATE replies INDEXED BY replies_open
     SET state = 'pending', unknowns = unknowns + 1, reason = 'the program ended while it was being sent'
     WHERE state IN ('pending', 'sending') AND state = 'sending'`,
  );
}

/** Chats for which something waits. */
export async function listOpenChats(reader: Reader): Promise<ChatId[]> {
  const rows = await reader.all(
    "SELECT DISTINCT chat_id FROM replies INDEXED BY replies_open WHERE state IN ('pending', 'sending')",
  );
  return rows.map((row) => toChatId(row["chat_id"]));
}

/** What the chat gets next: replies keep their order. */
export async function findNextReply(reader: Reader, chat: ChatId): Promise<Reply | undefined> {
  const row = await reader.get(
    `SELECT * FROM replies INDEXED BY replies_open WHERE chat_id = ? AND state IN ('pending', 'sending')
     ORDER BY id LIMIT 1`,
    chat,
  );
  return row === undefined ? undefined : toReply(row);
}

export async function findReply(reader: Reader, id: ReplyId): Promise<Reply | undefined> {
  const row = await reader.get("SELECT * FROM replies WHERE id = ?", id);
  return row === undefined ? undefined : toReply(row);
}

/** On disk before the first byte leaves. False: it was taken back meanwhile. */
export async function startSending(tx: Transaction, id: ReplyId): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE replies SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'pending'",
    id,
  );
  return changes === 1;
}

/** It is tried again, not before `nextAt`. `isUnknown`: nobody knows whether this send arrived. */
export async function retryReply(
  tx: Transaction,
  id: ReplyId,
  {
    reason,
    nextAt,
    isUnknown,
  }: { readonly reason: string; readonly nextAt: number; readonly isUnknown: boolean },
): Promise<void> {
  await tx.run(
    "UPDATE replies SET state = 'pending', reason = ?, next_at = ?, unknowns = unknowns + ? WHERE id = ?",
    reason,
    nextAt,
    isUnknown ? 1 : 0,
    id,
  );
}

export async function endReply(
  tx: Transaction,
  id: ReplyId,
  end: {
    readonly state: Extract<ReplyState, "sent" | "unknown" | "failed">;
    readonly platformId?: string;
    readonly reason?: string;
    readonly now: number;
  },
): Promise<void> {
  await tx.run(
    "UPDATE replies SET state = ?, platform_id = coalesce(?, platform_id), reason = ?, ended_at = ? WHERE id = ?",
    end.state,
    end.platformId ?? null,
    end.reason ?? null,
    end.now,
    id,
  );
}

export async function findReplyByKey(reader: Reader, key: string): Promise<Reply | undefined> {
  const row = await reader.get("SELECT * FROM replies WHERE key = ?", key);
  return row === undefined ? undefined : toReply(row);
}

/** The last words that the chat was sent and that can be changed: no notice of ours, no file, no reaction. */
export async function findLastAnswer(reader: Reader, chat: ChatId): Promise<Reply | undefined> {
  const row = await reader.get(
    `SELECT * FROM replies INDEXED BY replies_of_chat WHERE chat_id = ? AND kind = 'answer' AND extras IS NULL
     AND state IN ('pending', 'sending', 'sent') ORDER BY id DESC LIMIT 1`,
    chat,
  );
  return row === undefined ? undefined : toReply(row);
}

/** The request whose card stands in the chat under that key; a reply of any other kind is none. */
export async function findCardRequest(
  reader: Reader,
  chat: ChatId,
  key: string,
): Promise<ApprovalId | undefined> {
  const row = await reader.get(
    "SELECT approval_id FROM replies WHERE key = ? AND chat_id = ? AND approval_id IS NOT NULL AND buttons IS NOT NULL",
    key,
    chat,
  );
  return row === undefined ? undefined : toApprovalId(row["approval_id"]);
}

export async function listRepliesOfTurn(reader: Reader, turn: TurnId): Promise<Reply[]> {
  const rows = await reader.all("SELECT * FROM replies WHERE turn_id = ? ORDER BY id", turn);
  return rows.map(toReply);
}

/** Files in the spool that are still to be sent, or were sent later than `since`. */
export async function listSpooled(reader: Reader, since: number): Promise<string[]> {
  const rows = await reader.all(
    `SELECT extras FROM replies INDEXED BY replies_extras WHERE extras IS NOT NULL
     AND (ended_at IS NULL OR ended_at > ?)`,
    since,
  );
  return rows.flatMap((row) => {
    const extras = parseExtras(optionalTextOf(row, "extras"));
    return extras?.type === "file" ? [extras.spool] : [];
  });
}

/** The last so many of a group, the newest first. */
export async function listRepliesOfGroup(reader: Reader, group: GroupId, limit: number): Promise<Reply[]> {
  const rows = await reader.all(
    "SELECT * FROM replies WHERE group_id = ? ORDER BY id DESC LIMIT ?",
    group,
    limit,
  );
  return rows.map(toReply);
}

/** How a message was answered: also where its answer is that of a later one of the same chat. Nothing while it waits. */
export async function listAnswersTo(reader: Reader, message: MessageId): Promise<Reply[]> {
  // Who waits for an answer asks first while the message itself still waits.
  const waits = "SELECT 1 FROM messages WHERE id = ? AND state IN ('received', 'claimed')";
  if ((await reader.get(waits, message)) !== undefined) return [];
  const rows = await reader.all(
    `SELECT * FROM replies WHERE state IN ('sent', 'sending') AND id IN (
       SELECT id FROM replies WHERE message_id = ?1
       UNION SELECT replies.id FROM messages CROSS JOIN replies INDEXED BY replies_of_turn
         ON replies.turn_id = messages.turn_id AND replies.chat_id = messages.chat_id WHERE messages.id = ?1)
     ORDER BY id`,
    message,
  );
  return rows.map(toReply);
}

export interface FailedChat {
  readonly chat: string;
  readonly title: string | undefined;
  readonly reason: string;
  readonly at: Date;
}

/** Chats whose last reply did not arrive, and why; the newest first. */
export async function listFailedChats(reader: Reader, channel: string): Promise<FailedChat[]> {
  const rows = await reader.all(
    `SELECT chats.chat, chats.title, replies.reason, replies.ended_at FROM chats JOIN replies ON replies.id =
       (SELECT max(id) FROM replies WHERE chat_id = chats.id AND state IN ('sent', 'failed', 'unknown'))
     WHERE chats.channel = ? AND replies.state = 'failed' ORDER BY replies.ended_at DESC LIMIT 20`,
    channel,
  );
  return rows.map((row) => ({
    chat: textOf(row, "chat"),
    title: optionalTextOf(row, "title"),
    reason: optionalTextOf(row, "reason") ?? "",
    at: dateOf(row, "ended_at"),
  }));
}

export async function listRepliesTo(reader: Reader, message: MessageId, chat: ChatId): Promise<Reply[]> {
  const rows = await reader.all(
    "SELECT * FROM replies WHERE message_id = ? AND chat_id = ? ORDER BY id",
    message,
    chat,
  );
  return rows.map(toReply);
}

/** What the chat was sent after `id`, in order: for those who fetch, to whom what is on its way has been sent. */
export async function listSentAfter(
  reader: Reader,
  chat: ChatId,
  id: number,
  limit: number,
): Promise<Reply[]> {
  const rows = await reader.all(
    "SELECT * FROM replies WHERE chat_id = ? AND id > ? AND state IN ('sent', 'sending') ORDER BY id LIMIT ?",
    chat,
    id,
    limit,
  );
  return rows.map(toReply);
}

function toReply(row: Row): Reply {
  return {
    id: toReplyId(row["id"]),
    key: textOf(row, "key"),
    chat: toChatId(row["chat_id"]),
    group: row["group_id"] === null ? undefined : toGroupId(row["group_id"]),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    message: row["message_id"] === null ? undefined : toMessageId(row["message_id"]),
    kind: wordOf(row, "kind", kinds),
    text: textOf(row, "text"),
    extras: parseExtras(optionalTextOf(row, "extras")),
    buttons: toButtons(optionalTextOf(row, "buttons")),
    approval: row["approval_id"] === null ? undefined : toApprovalId(row["approval_id"]),
    format: optionalTextOf(row, "format"),
    state: wordOf(row, "state", replyStates),
    reason: optionalTextOf(row, "reason"),
    platformId: optionalTextOf(row, "platform_id"),
    attempts: integerOf(row, "attempts"),
    unknowns: integerOf(row, "unknowns"),
    nextAt: integerOf(row, "next_at"),
    createdAt: dateOf(row, "created_at"),
    endedAt: optionalDateOf(row, "ended_at"),
  };
}

function toButtons(json: string | undefined): readonly string[] | undefined {
  const list: unknown = json === undefined ? undefined : JSON.parse(json);
  return Array.isArray(list) ? list.map(String) : undefined;
}
