import { forgetLostImages } from "../providers/images.ts";
import type { Message } from "../providers/provider.ts";
import { dateOf, integerOf, textOf, wordOf } from "./columns.ts";
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
}

export interface Entry extends NewEntry {
  readonly sequence: number;
  readonly turn: TurnId | undefined;
  readonly createdAt: Date;
}

export interface Transcript {
  readonly messages: readonly Message[];
  /** Of all the messages together, as bits. */
  readonly taint: number;
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
  for (const { kind, message, taint } of entries) {
    sequence += 1;
    await tx.run(
      "INSERT INTO entries (session_id, sequence, turn_id, kind, body, created_at, taint) VALUES (?, ?, ?, ?, ?, ?, ?)",
      session,
      sequence,
      turn ?? null,
      kind,
      await toJsonBesidePictures(tx, message),
      now,
      taint,
    );
  }
  const taint = entries.reduce((bits, entry) => bits | entry.taint, 0);
  if (taint !== 0) await addSessionTaint(tx, session, taint);
  return sequence;
}

export async function listEntries(reader: Reader, session: SessionId): Promise<Entry[]> {
  const rows = await reader.all("SELECT * FROM entries WHERE session_id = ? ORDER BY sequence", session);
  const bodies = await parseWithPictures(
    reader,
    rows.map((row) => textOf(row, "body")),
  );
  return rows.map((row, index) => toEntry(row, bodies[index]));
}

/** The conversation as the provider is sent it. Throws `AppError("store")` for an entry that can't be read. */
export async function loadTranscript(reader: Reader, session: SessionId): Promise<Transcript> {
  const entries = await listEntries(reader, session);
  return {
    messages: forgetLostImages(entries.map((entry) => entry.message)),
    taint: entries.reduce((bits, entry) => bits | entry.taint, 0),
  };
}

export async function countEntries(reader: Reader, session: SessionId): Promise<number> {
  const row = await reader.get("SELECT count(*) AS count FROM entries WHERE session_id = ?", session);
  return integerOf(row ?? {}, "count");
}

function toEntry(row: Row, body: unknown): Entry {
  return {
    sequence: integerOf(row, "sequence"),
    turn: row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]),
    kind: wordOf(row, "kind", kinds),
    message: checkMessage(body, `entry ${integerOf(row, "sequence")}`),
    createdAt: dateOf(row, "created_at"),
    taint: integerOf(row, "taint"),
  };
}
