import { integerOf, optionalIntegerOf } from "./columns.ts";
import type { Reader } from "./database.ts";
import type { ChatId, GroupId, PersonId } from "./ids.ts";

/** What a person wrote since then that was taken on: neither overheard nor declined. */
export async function countTakenFrom(reader: Reader, person: PersonId, since: number): Promise<number> {
  return await count(
    reader,
    `SELECT count(*) AS count FROM messages INDEXED BY messages_taken_of_person
     WHERE person_id = ? AND received_at >= ? AND state NOT IN ('overheard', 'declined')`,
    person,
    since,
  );
}

export async function countTurnsOf(reader: Reader, group: GroupId, since: number): Promise<number> {
  return await count(
    reader,
    "SELECT count(*) AS count FROM turns INDEXED BY turns_of_group WHERE group_id = ? AND started_at >= ?",
    group,
    since,
  );
}

/** What programs wrote in a chat since a person last did, as far as it was taken on. */
export async function countBotRounds(reader: Reader, chat: ChatId): Promise<number> {
  return await count(
    reader,
    `SELECT count(*) AS count FROM messages INDEXED BY messages_taken_of_chat
     WHERE chat_id = ?1 AND is_from_bot = 1 AND state NOT IN ('overheard', 'declined')
       AND id > coalesce((SELECT max(id) FROM messages INDEXED BY messages_of_people
                          WHERE chat_id = ?1 AND is_from_bot = 0), 0)`,
    chat,
  );
}

/** One message that was taken on, and how long after our last words in the chat it came; unknown before the first. */
export interface Round {
  readonly person: number | undefined;
  readonly afterMs: number | undefined;
}

/** The last so many of a chat, the newest first. */
export async function listRounds(reader: Reader, chat: ChatId, limit: number): Promise<readonly Round[]> {
  const rows = await reader.all(
    `SELECT person_id, received_at - (SELECT ended_at FROM replies WHERE replies.chat_id = messages.chat_id
         AND ended_at <= messages.received_at AND coalesce(message_id, 0) < messages.id ORDER BY id DESC LIMIT 1) AS after
     FROM messages INDEXED BY messages_taken_of_chat
     WHERE chat_id = ? AND command IS NULL AND state NOT IN ('overheard', 'declined') ORDER BY id DESC LIMIT ?`,
    chat,
    limit,
  );
  return rows.map((row) => ({
    person: optionalIntegerOf(row, "person_id"),
    afterMs: optionalIntegerOf(row, "after"),
  }));
}

/** When our last words in a chat had left. */
export async function findLastSentAt(reader: Reader, chat: ChatId): Promise<number | undefined> {
  const row = await reader.get(
    "SELECT ended_at FROM replies WHERE chat_id = ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1",
    chat,
  );
  return row === undefined ? undefined : integerOf(row, "ended_at");
}

async function count(reader: Reader, sql: string, ...values: readonly number[]): Promise<number> {
  return integerOf((await reader.get(sql, ...values)) ?? { count: 0 }, "count");
}
