import { dateOf, integerOf, textOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { TurnId } from "./ids.ts";
import { toJsonBesidePictures } from "./pictures.ts";

/** Any event of a turn: data with a type. */
export interface JournalEvent {
  readonly type: string;
}

export interface JournalRow {
  readonly sequence: number;
  readonly at: Date;
  readonly event: unknown;
}

/** Appends in order; deltas are left out, because the event that ends them holds all of them. */
export async function appendJournal(
  tx: Transaction,
  turn: TurnId,
  events: readonly JournalEvent[],
  now: number,
): Promise<void> {
  const last = await tx.get(
    "SELECT coalesce(max(sequence), 0) AS sequence FROM journal WHERE turn_id = ?",
    turn,
  );
  let sequence = integerOf(last ?? {}, "sequence");
  for (const event of events.filter(({ type }) => !type.endsWith("-delta"))) {
    sequence += 1;
    await tx.run(
      "INSERT INTO journal (turn_id, sequence, at, event) VALUES (?, ?, ?, ?)",
      turn,
      sequence,
      now,
      await toJsonBesidePictures(tx, event),
    );
  }
}

export async function listJournal(reader: Reader, turn: TurnId): Promise<JournalRow[]> {
  const rows = await reader.all("SELECT * FROM journal WHERE turn_id = ? ORDER BY sequence", turn);
  return rows.map((row) => {
    const event: unknown = JSON.parse(textOf(row, "event"));
    return { sequence: integerOf(row, "sequence"), at: dateOf(row, "at"), event };
  });
}
