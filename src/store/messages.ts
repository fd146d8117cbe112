import { dateOf, integerOf, optionalDateOf, optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import {
  toChatId,
  toGroupId,
  toMessageId,
  toPersonId,
  toTurnId,
  type ChatId,
  type GroupId,
  type MessageId,
  type PersonId,
  type SessionId,
  type TurnId,
} from "./ids.ts";
import { toMessageBody, type MessageBody } from "./message-body.ts";
import { parseWithPictures, toJsonBesidePictures } from "./pictures.ts";

export const messageStates = [
  "received",
  "claimed",
  "answered",
  "declined",
  "failed",
  "dead",
  "overheard",
] as const;

export type MessageState = (typeof messageStates)[number];

const personKinds = ["owner", "member", "stranger"] as const;

export interface NewMessage {
  readonly chat: ChatId;
  /** The platform's own id, or the sender's idempotency key. */
  readonly message: string;
  readonly person: PersonId;
  readonly personKind: (typeof personKinds)[number];
  readonly group: GroupId | undefined;
  readonly state: Extract<MessageState, "received" | "answered" | "declined" | "overheard">;
  readonly reason: string | undefined;
  readonly body: MessageBody;
  /** Its name, when it is one; `unknown` when there is none of that name. */
  readonly command?: string | undefined;
  /** As bits. */
  readonly taint: number;
  /** Written by a program, as its platform says. */
  readonly isFromBot?: boolean;
  readonly sentAt: number | undefined;
  readonly now: number;
}

/** Something a person wrote, without the words. */
export interface MessageRow {
  readonly id: MessageId;
  readonly chat: ChatId;
  readonly message: string;
  readonly person: PersonId | undefined;
  readonly personKind: (typeof personKinds)[number];
  readonly group: GroupId | undefined;
  readonly state: MessageState;
  readonly reason: string | undefined;
  /** What is asked is a command, and goes to no model. */
  readonly command: string | undefined;
  readonly attempts: number;
  readonly turn: TurnId | undefined;
  readonly taint: number;
  readonly receivedAt: Date;
  readonly endedAt: Date | undefined;
}

export interface Message extends MessageRow {
  readonly body: MessageBody;
}

/** A redelivery finds the row that there is. */
export async function findKnownMessage(
  reader: Reader,
  chat: ChatId,
  message: string,
): Promise<MessageId | undefined> {
  const row = await reader.get("SELECT id FROM messages WHERE chat_id = ? AND message = ?", chat, message);
  return row === undefined ? undefined : toMessageId(row["id"]);
}

/** Its chat and its id there must be new together: ask `findKnownMessage` first, in the same transaction. */
export async function receiveMessage(tx: Transaction, message: NewMessage): Promise<MessageId> {
  const { lastId } = await tx.run(
    `INSERT INTO messages (chat_id, message, person_id, person_kind, group_id, state, reason, body, command, taint,
       sent_at, received_at, ended_at, is_from_bot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    message.chat,
    message.message,
    message.person,
    message.personKind,
    message.group ?? null,
    message.state,
    message.reason ?? null,
    await toJsonBesidePictures(tx, message.body),
    message.command ?? null,
    message.taint,
    message.sentAt ?? null,
    message.now,
    message.state === "answered" || message.state === "declined" ? message.now : null,
    message.isFromBot === true ? 1 : 0,
  );
  return toMessageId(lastId);
}

/** What waits for the group's next turn, in the order it came. */
export async function listWaiting(reader: Reader, group: GroupId): Promise<Message[]> {
  const rows = await reader.all(
    "SELECT * FROM messages WHERE group_id = ? AND state = 'received' ORDER BY id LIMIT 200",
    group,
  );
  return await toMessages(reader, rows);
}

/** Groups for which something waits or was left behind by a process that died. */
export async function listGroupsWithWork(reader: Reader): Promise<GroupId[]> {
  const rows = await reader.all(
    `SELECT group_id FROM messages WHERE state = 'received' AND group_id IS NOT NULL
     UNION SELECT group_id FROM messages WHERE state = 'claimed' AND group_id IS NOT NULL`,
  );
  return rows.map((row) => toGroupId(row["group_id"]));
}

/** Gives them to a turn, in the transaction in which its session gets their words. */
export async function claimMessages(
  tx: Transaction,
  messages: readonly MessageId[],
  turn: TurnId,
): Promise<void> {
  for (const id of messages) {
    await tx.run(
      "UPDATE messages SET state = 'claimed', turn_id = ?, attempts = attempts + 1 WHERE id = ? AND state = 'received'",
      turn,
      id,
    );
  }
}

export interface MessageEnd {
  readonly state: Extract<MessageState, "answered" | "declined" | "failed" | "dead">;
  readonly reason: string | undefined;
  readonly now: number;
}

/** The end of what a turn had taken. */
export async function endMessages(tx: Transaction, turn: TurnId, end: MessageEnd): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = ?, reason = coalesce(?, reason), ended_at = ? WHERE turn_id = ? AND state = 'claimed'",
    end.state,
    end.reason ?? null,
    end.now,
    turn,
  );
}

/** The end of one that no turn has taken. */
export async function endMessage(tx: Transaction, id: MessageId, end: MessageEnd): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = ?, reason = ?, ended_at = ? WHERE id = ? AND state IN ('received', 'claimed')",
    end.state,
    end.reason ?? null,
    end.now,
    id,
  );
}

export interface DeclineOptions {
  readonly reason: string;
  readonly now: number;
  /** What came later waits on. */
  readonly before?: MessageId;
  /** Commands that wait for nothing but their own answer. */
  readonly except?: readonly string[];
}

/** What waits and was begun by no turn. Returns how many. */
export async function declineWaiting(
  tx: Transaction,
  group: GroupId,
  { reason, now, before, except = [] }: DeclineOptions,
): Promise<number> {
  const { changes } = await tx.run(
    `UPDATE messages SET state = 'declined', reason = ?, ended_at = ? WHERE group_id = ? AND state = 'received'
     AND id < ? AND (command IS NULL OR command NOT IN (SELECT value FROM json_each(?)))`,
    reason,
    now,
    group,
    before ?? Number.MAX_SAFE_INTEGER,
    JSON.stringify(except),
  );
  return changes;
}

/** What somebody wrote who has no right to it any more. */
export async function declineWaitingOf(
  tx: Transaction,
  person: PersonId,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = 'declined', reason = ?, ended_at = ? WHERE state = 'received' AND person_id = ?",
    reason,
    now,
    person,
  );
}

/** What waits of a chat that is nobody's any more. */
export async function declineWaitingOfChat(
  tx: Transaction,
  chat: ChatId,
  { reason, now }: { readonly reason: string; readonly now: number },
): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = 'declined', reason = ?, ended_at = ? WHERE chat_id = ? AND state = 'received'",
    reason,
    now,
    chat,
  );
}

/** A command that takes its time is about to begin. Returns how often that was so. */
export async function beginCommand(tx: Transaction, id: MessageId): Promise<number> {
  const row = await tx.get(
    "UPDATE messages SET attempts = attempts + 1 WHERE id = ? AND state = 'received' RETURNING attempts",
    id,
  );
  return row === undefined ? 0 : integerOf(row, "attempts");
}

/** False: it had its end before, and whatever goes with this one must not happen again. */
export async function endCommand(tx: Transaction, id: MessageId, end: MessageEnd): Promise<boolean> {
  const { changes } = await tx.run(
    "UPDATE messages SET state = ?, reason = coalesce(?, reason), ended_at = ? WHERE id = ? AND state = 'received'",
    end.state,
    end.reason ?? null,
    end.now,
    id,
  );
  return changes === 1;
}

/** Back to those that wait: the turn did not end, and it was none of their fault. */
export async function releaseMessages(tx: Transaction, turn: TurnId): Promise<void> {
  await tx.run(
    "UPDATE messages SET state = 'received', attempts = attempts - 1 WHERE turn_id = ? AND state = 'claimed'",
    turn,
  );
}

export interface ReclaimOptions {
  readonly most: number;
  /** Of those that are set aside. */
  readonly reason: string;
  /** It was no fault of theirs that the turn did not end. */
  readonly isForgiven: boolean;
  readonly now: number;
}

/** What a turn of the group had taken that has no end. */
export async function listClaimed(reader: Reader, group: GroupId): Promise<MessageRow[]> {
  const rows = await reader.all("SELECT * FROM messages WHERE group_id = ? AND state = 'claimed'", group);
  return rows.map(toMessage);
}

/**
 * What a turn of a process that died had taken waits again; what was taken by `most` such turns in a row is set aside.
 * Called by whoever is about to begin the group's next turn: no other is at work. Returns those set aside.
 */
export async function reclaimMessages(
  tx: Transaction,
  group: GroupId,
  { most, reason, isForgiven, now }: ReclaimOptions,
): Promise<Message[]> {
  const dead = await tx.all(
    `UPDATE messages SET state = 'dead', reason = ?, ended_at = ?
     WHERE group_id = ? AND state = 'claimed' AND attempts >= ? RETURNING *`,
    reason,
    now,
    group,
    most,
  );
  await tx.run(
    "UPDATE messages SET state = 'received', attempts = attempts - ? WHERE group_id = ? AND state = 'claimed'",
    isForgiven ? 1 : 0,
    group,
  );
  return await toMessages(tx, dead);
}

/** Of messages that an earlier turn had taken: which of them stand in this session already. */
export async function listEntered(
  reader: Reader,
  messages: readonly MessageRow[],
  session: SessionId,
): Promise<ReadonlySet<MessageId>> {
  const entered = new Set<MessageId>();
  for (const { id, turn } of messages) {
    if (turn === undefined) continue;
    const row = await reader.get(
      "SELECT 1 FROM turns WHERE id = ? AND session_id = ? AND replaced_by IS NULL",
      turn,
      session,
    );
    if (row !== undefined) entered.add(id);
  }
  return entered;
}

/** False: there is no such message, or it was not set aside. It is asked anew, behind all that was said since. */
export async function redriveMessage(tx: Transaction, id: MessageId): Promise<boolean> {
  const { changes } = await tx.run(
    `UPDATE messages SET state = 'received', reason = 'sent again by command', attempts = 0, turn_id = NULL, ended_at = NULL
     WHERE id = ? AND state IN ('dead', 'failed') AND group_id IS NOT NULL`,
    id,
  );
  return changes === 1;
}

export async function findMessage(reader: Reader, id: MessageId): Promise<Message | undefined> {
  const row = await reader.get("SELECT * FROM messages WHERE id = ?", id);
  return row === undefined ? undefined : (await toMessages(reader, [row]))[0];
}

/** What became of the files of one that no turn has begun yet stands in it. */
export async function setMessageBody(tx: Transaction, id: MessageId, body: MessageBody): Promise<void> {
  const json = await toJsonBesidePictures(tx, body);
  await tx.run("UPDATE messages SET body = ? WHERE id = ?", json, id);
}

/** The platform's own id of it. */
export async function findMessageAddress(reader: Reader, id: MessageId): Promise<string | undefined> {
  const row = await reader.get("SELECT message FROM messages WHERE id = ?", id);
  return row === undefined ? undefined : textOf(row, "message");
}

export async function listMessagesOfTurn(reader: Reader, turn: TurnId): Promise<Message[]> {
  const rows = await reader.all("SELECT * FROM messages WHERE turn_id = ? ORDER BY id", turn);
  return await toMessages(reader, rows);
}

/** The newest first. */
export async function listMessages(
  reader: Reader,
  { onlyDead, limit }: { readonly onlyDead: boolean; readonly limit: number },
): Promise<Message[]> {
  const condition = onlyDead ? "WHERE state IN ('dead', 'failed')" : "";
  const rows = await reader.all(`SELECT * FROM messages ${condition} ORDER BY id DESC LIMIT ?`, limit);
  return await toMessages(reader, rows);
}

/** The last so many of a group, the newest first. */
export async function listMessagesOfGroup(reader: Reader, group: GroupId, limit: number): Promise<Message[]> {
  const rows = await reader.all(
    "SELECT * FROM messages WHERE group_id = ? ORDER BY id DESC LIMIT ?",
    group,
    limit,
  );
  return await toMessages(reader, rows);
}

export async function toMessages(reader: Reader, rows: readonly Row[]): Promise<Message[]> {
  const bodies = await parseWithPictures(
    reader,
    rows.map((row) => textOf(row, "body")),
  );
  return rows.map((row, index) => ({ ...toMessage(row), body: toMessageBody(bodies[index]) }));
}

function toMessage(row: Row): MessageRow {
  return {
    id: toMessageId(row["id"]),
    chat: toChatId(row["chat_id"]),
    message: textOf(row, "message"),
    person: row["person_id"] === null ? undefined : toPersonId(row["person_id"]),
    personKind: wordOf(row, "person_kind", personKinds),
    group: row["group_id"] === null ? undefined : toGroupId(row["group_id"]),
    state: wordOf(row, "state", messageStates),
    reason: optionalTextOf(row, "reason"),
    command: optionalTextOf(row, "command"),
    attempts: integerOf(row, "attempts"),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    taint: integerOf(row, "taint"),
    receivedAt: dateOf(row, "received_at"),
    endedAt: optionalDateOf(row, "ended_at"),
  };
}
