import type { Reader, Transaction } from "./database.ts";
import { toReplyId, type ChatId, type ReplyId } from "./ids.ts";
import { integerOf, optionalTextOf } from "./columns.ts";
import { parseExtras } from "./reply-extras.ts";

export interface OpenQuestion {
  readonly reply: ReplyId;
  readonly options: readonly string[];
}

/** From now on it is the chat's question; one before it is over. */
export async function openQuestion(
  tx: Transaction,
  { chat, reply, until }: { readonly chat: ChatId; readonly reply: ReplyId; readonly until: number },
): Promise<void> {
  await closeQuestion(tx, chat);
  await tx.run("UPDATE replies SET question_until = ? WHERE id = ?", until, reply);
}

/** What the chat was asked last, while an answer is still taken for one. */
export async function findOpenQuestion(
  reader: Reader,
  chat: ChatId,
  now: number,
): Promise<OpenQuestion | undefined> {
  const row = await reader.get(
    "SELECT * FROM replies INDEXED BY replies_questions WHERE chat_id = ? AND question_until IS NOT NULL",
    chat,
  );
  if (row === undefined || integerOf(row, "question_until") < now) return undefined;
  const extras = parseExtras(optionalTextOf(row, "extras"));
  return extras?.type === "question" ? { reply: toReplyId(row["id"]), options: extras.options } : undefined;
}

export async function closeQuestion(tx: Transaction, chat: ChatId): Promise<void> {
  await tx.run(
    `UPDATE replies INDEXED BY replies_questions SET question_until = NULL
     WHERE chat_id = ? AND question_until IS NOT NULL`,
    chat,
  );
}
