import { forgetLostImages } from "../providers/images.ts";
import type { Message } from "../providers/provider.ts";
import { dateOf, integerOf, optionalIntegerOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toTurnId, type SessionId, type TurnId } from "./ids.ts";
import { checkMessage } from "./message-json.ts";
import { parseWithPictures, toJsonBesidePictures } from "./pictures.ts";
import { addSessionTaint } from "./sessions.ts";

const kinds = ["user", "assistant", "tool", "summary", "notice"] as const;

export type EntryKind = (typeof kinds)[number];

export interface NewEntry {
  readonly kind: EntryKind;
  /** What the model is shown of it. */
  readonly message: Message;
  /** As bits. */
  readonly taint: number;
  /** Of a summary: the sequence of the last entry that it stands for. */
  readonly covers?: number;
}

export interface Entry extends NewEntry {
  readonly sequence: number;
  readonly turn: TurnId | undefined;
  readonly createdAt: Date;
  /** Its turn was asked again: the model is no longer shown it. */
  readonly isReplaced: boolean;
}

export interface Transcript {
  readonly messages: readonly Message[];
  /** Of all the messages together, as bits. */
  readonly taint: number;
  /** In which the model spoke last. */
  readonly lastTurn: TurnId | undefined;
}

export interface AppendEntriesOptions {
  readonly session: SessionId;
  readonly turn?: TurnId;
  readonly now: number;
}

/** Appends in order and returns the sequence of the last. The entries' taint sticks to the session. */
export async function appendEntries(
  tx: Transaction,
  entries: readonly NewEntry[],
  { session, turn, now }: AppendEntriesOptions,
): Promise<number> {
  const last = await tx.get(
    "SELECT coalesce(max(sequence), 0) AS sequence FROM entries WHERE session_id = ?",
    session,
  );
  let sequence = integerOf(last ?? {}, "sequence");
  for (const { kind, message, taint, covers } of entries) {
    sequence += 1;
    await tx.run(
      "INSERT INTO entries (session_id, sequence, turn_id, kind, body, created_at, taint, covers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      session,
      sequence,
      turn ?? null,
      kind,
      await toJsonBesidePictures(tx, message),
      now,
      taint,
      covers ?? null,
    );
  }
  const taint = entries.reduce((bits, entry) => bits | entry.taint, 0);
  if (taint !== 0) await addSessionTaint(tx, session, taint);
  return sequence;
}

/** All of them, also those that the model is no longer shown. */
export async function listEntries(reader: Reader, session: SessionId): Promise<Entry[]> {
  const rows = await reader.all(`${selectEntries} WHERE entries.session_id = ? ORDER BY sequence`, session);
  return await toEntries(reader, rows);
}

/** What the model is shown: the last summary, then what came behind all that it stands for. */
export async function listVisibleEntries(reader: Reader, session: SessionId): Promise<Entry[]> {
  const row = await reader.get(
    `${selectEntries} WHERE entries.session_id = ? AND kind = 'summary' ORDER BY sequence DESC LIMIT 1`,
    session,
  );
  const [summary] = row === undefined ? [] : await toEntries(reader, [row]);
  const rows = await reader.all(
    `${selectEntries} WHERE entries.session_id = ? AND sequence > ? AND kind <> 'summary'
       AND turns.replaced_by IS NULL ORDER BY sequence`,
    session,
    summary?.covers ?? 0,
  );
  return [...(summary === undefined ? [] : [summary]), ...(await toEntries(reader, rows))];
}

/** The conversation as the provider is sent it, without one turn if wished. Throws `AppError("store")` for an entry that can't be read. */
export async function loadTranscript(
  reader: Reader,
  session: SessionId,
  without?: TurnId,
): Promise<Transcript> {
  const visible = await listVisibleEntries(reader, session);
  const entries = without === undefined ? visible : visible.filter(({ turn }) => turn !== without);
  return {
    messages: forgetLostImages(entries.map((entry) => entry.message)),
    taint: entries.reduce((bits, entry) => bits | entry.taint, 0),
    lastTurn: entries.findLast(({ kind }) => kind === "assistant")?.turn,
  };
}

export async function countEntries(reader: Reader, session: SessionId): Promise<number> {
  const row = await reader.get("SELECT count(*) AS count FROM entries WHERE session_id = ?", session);
  return integerOf(row ?? {}, "count");
}

const selectEntries =
  "SELECT entries.*, turns.replaced_by FROM entries LEFT JOIN turns ON turns.id = entries.turn_id";

/** With the pictures that lie beside them. */
async function toEntries(reader: Reader, rows: readonly Row[]): Promise<Entry[]> {
  const bodies = await parseWithPictures(
    reader,
    rows.map((row) => textOf(row, "body")),
  );
  return rows.map((row, index) => toEntry(row, bodies[index]));
}

function toEntry(row: Row, body: unknown): Entry {
  const covers = optionalIntegerOf(row, "covers");
  return {
    sequence: integerOf(row, "sequence"),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    kind: wordOf(row, "kind", kinds),
    message: checkMessage(body, `entry ${integerOf(row, "sequence")}`),
    createdAt: dateOf(row, "created_at"),
    taint: integerOf(row, "taint"),
    ...(covers === undefined ? {} : { covers }),
    isReplaced: row["replaced_by"] !== null,
  };
}
