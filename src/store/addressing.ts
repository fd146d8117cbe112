import { integerOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { ChatId, PersonId } from "./ids.ts";

/** Until when what the person says in the chat is meant for the assistant, epoch milliseconds. */
export async function findAddressedUntil(
  reader: Reader,
  chat: ChatId,
  person: PersonId,
): Promise<number | undefined> {
  const row = await reader.get(
    "SELECT until FROM addressing WHERE chat_id = ? AND person_id = ?",
    chat,
    person,
  );
  return row === undefined ? undefined : integerOf(row, "until");
}

export async function setAddressedUntil(
  tx: Transaction,
  chat: ChatId,
  person: PersonId,
  until: number,
): Promise<void> {
  await tx.run(
    `INSERT INTO addressing (chat_id, person_id, until) VALUES (?, ?, ?)
     ON CONFLICT (chat_id, person_id) DO UPDATE SET until = excluded.until`,
    chat,
    person,
    until,
  );
}

/** Of one person, or of all in the chat. */
export async function clearAddressing(tx: Transaction, chat: ChatId, person?: PersonId): Promise<void> {
  if (person === undefined) await tx.run("DELETE FROM addressing WHERE chat_id = ?", chat);
  else await tx.run("DELETE FROM addressing WHERE chat_id = ? AND person_id = ?", chat, person);
}
