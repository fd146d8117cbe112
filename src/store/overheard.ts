import { dateOf, integerOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import { toMessageId, toPersonId, type GroupId, type MessageId, type PersonId, type TurnId } from "./ids.ts";
import { toMessages, type Message } from "./messages.ts";

// What was said since the last turn and addressed to nobody. A turn takes all of it, and the rows become the turn's.

/** The newest of it that came before, in the order it came. */
export async function listOverheard(
  reader: Reader,
  group: GroupId,
  { before, limit }: { readonly before?: MessageId; readonly limit: number },
): Promise<Message[]> {
  const rows = await reader.all(
    `SELECT * FROM messages INDEXED BY messages_overheard WHERE group_id = ? AND state = 'overheard'
     AND turn_id IS NULL AND id < ? ORDER BY id DESC LIMIT ?`,
    group,
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  );
  return await toMessages(reader, rows.toReversed());
}

export interface OverheardCount {
  readonly messages: number;
  readonly since: Date;
  readonly until: Date;
  /** Of all of them together, as bits. */
  readonly taint: number;
  /** Who wrote the most stands first. */
  readonly people: readonly { readonly person: PersonId | undefined; readonly messages: number }[];
}

/** How much of it there is from one message up to another; undefined when nothing is. */
export async function countOverheard(
  reader: Reader,
  group: GroupId,
  { from, before }: { readonly from?: MessageId; readonly before: MessageId },
): Promise<OverheardCount | undefined> {
  const rows = await reader.all(
    `SELECT person_id, count(*) AS messages, min(received_at) AS since, max(received_at) AS until,
       max(taint & 1) | max(taint & 2) AS taint
     FROM messages INDEXED BY messages_overheard WHERE group_id = ? AND state = 'overheard' AND turn_id IS NULL
       AND id >= ? AND id < ? GROUP BY person_id ORDER BY messages DESC, person_id`,
    group,
    from ?? 0,
    before,
  );
  if (rows.length === 0) return undefined;
  return {
    messages: rows.reduce((sum, row) => sum + integerOf(row, "messages"), 0),
    since: new Date(Math.min(...rows.map((row) => dateOf(row, "since").getTime()))),
    until: new Date(Math.max(...rows.map((row) => dateOf(row, "until").getTime()))),
    taint: rows.reduce((bits, row) => bits | integerOf(row, "taint"), 0),
    people: rows.map((row) => ({
      person: row["person_id"] === null ? undefined : toPersonId(row["person_id"]),
      messages: integerOf(row, "messages"),
    })),
  };
}

/** All up to this one went along with the turn. */
export async function takeOverheard(
  tx: Transaction,
  group: GroupId,
  upTo: MessageId,
  turn: TurnId,
): Promise<void> {
  await tx.run(
    `UPDATE messages INDEXED BY messages_overheard SET turn_id = ? WHERE group_id = ? AND state = 'overheard'
     AND turn_id IS NULL AND id <= ?`,
    turn,
    group,
    upTo,
  );
}

/** The number of the newest, to count from the other end. */
export async function findLastOverheard(reader: Reader, group: GroupId): Promise<MessageId | undefined> {
  const row = await reader.get(
    `SELECT max(id) AS id FROM messages INDEXED BY messages_overheard WHERE group_id = ? AND state = 'overheard'
     AND turn_id IS NULL`,
    group,
  );
  return row === undefined || row["id"] === null ? undefined : toMessageId(row["id"]);
}
