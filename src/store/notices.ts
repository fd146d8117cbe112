import type { Saying } from "../words/define-words.ts";
import { dateOf, integerOf, optionalDateOf, textOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toNoticeId, toReplyId, type NoticeId, type ReplyId } from "./ids.ts";

/** Something of the program's own state that the owner is to know. */
export interface Notice {
  readonly id: NoticeId;
  /** What it is about: one thing is ill once at a time. */
  readonly subject: string;
  /** What that is called. */
  readonly name: string;
  readonly said: Saying;
  /** Over as it began, and told for what it was. */
  readonly isPassing: boolean;
  readonly since: Date;
  readonly endedAt: Date | undefined;
  readonly beginReply: ReplyId | undefined;
  readonly endReply: ReplyId | undefined;
}

export interface NewNotice extends Pick<Notice, "subject" | "name" | "said" | "isPassing"> {
  /** When it began, epoch milliseconds. */
  readonly since: number;
}

/** False: it is known already. What passes is told once for ever, what lasts once until it is over. */
export async function addNotice(tx: Transaction, notice: NewNotice): Promise<boolean> {
  const { subject, name, said, isPassing, since } = notice;
  const { changes } = await tx.run(
    `INSERT INTO notices (subject, name, said, is_passing, since, ended_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6
     WHERE NOT EXISTS (SELECT 1 FROM notices INDEXED BY notices_of_subject
                       WHERE subject = ?1 AND (is_passing = 1 OR ended_at IS NULL))`,
    subject,
    name,
    JSON.stringify(said),
    isPassing ? 1 : 0,
    since,
    isPassing ? since : null,
  );
  return changes === 1;
}

/** It is over. `isTold` false: and nobody need hear of it any more. */
export async function endNotice(
  tx: Transaction,
  subject: string,
  { now, isTold }: { readonly now: number; readonly isTold: boolean },
): Promise<void> {
  await tx.run(
    `UPDATE notices INDEXED BY notices_of_subject SET ended_at = ?, is_settled = ?
     WHERE subject = ? AND ended_at IS NULL`,
    now,
    isTold ? 0 : 1,
    subject,
  );
}

/** Of what there is still something to say, or to see whether it arrives; the oldest first. */
export async function listUnsettledNotices(reader: Reader): Promise<Notice[]> {
  const rows = await reader.all(
    "SELECT * FROM notices INDEXED BY notices_unsettled WHERE is_settled = 0 ORDER BY id",
  );
  return rows.map(toNotice);
}

/** What is so now, and what has passed since; the oldest first. */
export async function listNotices(reader: Reader, passedSince: number): Promise<Notice[]> {
  const rows = await reader.all(
    `SELECT * FROM notices WHERE id IN (SELECT id FROM notices INDEXED BY notices_by_end WHERE ended_at IS NULL
       UNION SELECT id FROM notices INDEXED BY notices_by_end WHERE ended_at > ? AND is_passing = 1) ORDER BY id`,
    passedSince,
  );
  return rows.map(toNotice);
}

/** The reply in which it is told, in the same transaction as that. */
export async function setNoticeReply(
  tx: Transaction,
  { id }: Pick<Notice, "id">,
  part: "begin" | "end",
  reply: ReplyId,
): Promise<void> {
  const column = part === "begin" ? "begin_reply_id" : "end_reply_id";
  await tx.run(`UPDATE notices SET ${column} = ? WHERE id = ?`, reply, id);
}

/** Nothing more is to be said about it. */
export async function settleNotice(tx: Transaction, { id }: Pick<Notice, "id">): Promise<void> {
  await tx.run("UPDATE notices SET is_settled = 1 WHERE id = ?", id);
}

export async function forgetNotices(tx: Transaction, endedBefore: number): Promise<void> {
  await tx.run("DELETE FROM notices WHERE ended_at < ? AND is_settled = 1", endedBefore);
}

function toNotice(row: Row): Notice {
  const replyOf = (column: string): ReplyId | undefined =>
    row[column] === null ? undefined : toReplyId(row[column]);
  return {
    id: toNoticeId(row["id"]),
    subject: textOf(row, "subject"),
    name: textOf(row, "name"),
    said: toSaying(JSON.parse(textOf(row, "said"))),
    isPassing: integerOf(row, "is_passing") === 1,
    since: dateOf(row, "since"),
    endedAt: optionalDateOf(row, "ended_at"),
    beginReply: replyOf("begin_reply_id"),
    endReply: replyOf("end_reply_id"),
  };
}

/** As `addNotice` wrote it. */
function toSaying(value: unknown): Saying {
  return isSaying(value) ? value : { message: "" };
}

function isSaying(value: unknown): value is Saying {
  return (
    typeof value === "object" && value !== null && "message" in value && typeof value.message === "string"
  );
}
