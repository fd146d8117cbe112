import { AppError } from "../errors.ts";
import { dateOf, integerOf, optionalDateOf, optionalTextOf, textOf, wordOf } from "./columns.ts";
import type { Reader, Row, Transaction } from "./database.ts";
import { toGroupId, toSessionId, toTurnId, type GroupId, type SessionId, type TurnId } from "./ids.ts";

export const turnStates = ["running", "done", "limit", "aborted", "error", "interrupted"] as const;

export type TurnState = (typeof turnStates)[number];

export interface Turn {
  readonly id: TurnId;
  readonly group: GroupId;
  readonly session: SessionId;
  readonly state: TurnState;
  readonly epoch: number;
  readonly model: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly text: string | undefined;
  readonly reason: string | undefined;
  readonly taint: number;
}

export interface NewTurn {
  readonly group: GroupId;
  readonly session: SessionId;
  /** Of the lease under which it runs. */
  readonly epoch: number;
  readonly model: string;
  readonly taint: number;
  readonly now: number;
}

export interface TurnResult {
  readonly state: Exclude<TurnState, "running" | "interrupted">;
  /** The answer, whole or partial. */
  readonly text: string;
  /** Why it did not end as it should have, for a person. */
  readonly reason?: string;
  readonly taint: number;
  readonly now: number;
}

export async function beginTurn(tx: Transaction, turn: NewTurn): Promise<TurnId> {
  const { lastId } = await tx.run(
    "INSERT INTO turns (group_id, session_id, epoch, model, started_at, taint) VALUES (?, ?, ?, ?, ?, ?)",
    turn.group,
    turn.session,
    turn.epoch,
    turn.model,
    turn.now,
    turn.taint,
  );
  return toTurnId(lastId);
}

/**
 * Throws `AppError("conflict")` when the turn is over already or its lease has gone to another: then nothing of the
 * transaction stays, so a late finisher answers nobody.
 */
export async function finishTurn(tx: Transaction, turn: TurnId, result: TurnResult): Promise<void> {
  const { changes } = await tx.run(
    `UPDATE turns SET state = ?, text = ?, reason = ?, ended_at = ?, taint = taint | ?
     WHERE id = ? AND state = 'running'
       AND epoch = (SELECT epoch FROM leases WHERE leases.group_id = turns.group_id AND pid IS NOT NULL)`,
    result.state,
    result.text,
    result.reason ?? null,
    result.now,
    result.taint,
    turn,
  );
  if (changes === 1) return;
  throw new AppError("conflict", "Another process has taken over this conversation.", {
    hint: "What it has done since stands in the session; ask again.",
  });
}

/** Marks what a dead process left running. Called by whoever has just taken the group's lease. */
export async function interruptTurns(tx: Transaction, group: GroupId, now: number): Promise<TurnId[]> {
  const rows = await tx.all(
    "UPDATE turns SET state = 'interrupted', ended_at = ? WHERE group_id = ? AND state = 'running' RETURNING id",
    now,
    group,
  );
  return rows.map((row) => toTurnId(row["id"]));
}

/** The turn that answered the last message, unless it was replaced. Commands and summaries answer nothing. */
export async function findLastTurn(reader: Reader, session: SessionId): Promise<TurnId | undefined> {
  const row = await reader.get(
    `SELECT entries.turn_id FROM entries JOIN turns ON turns.id = entries.turn_id
     WHERE entries.session_id = ? AND kind = 'user' AND replaced_by IS NULL AND state <> 'running'
     ORDER BY entries.sequence DESC LIMIT 1`,
    session,
  );
  return row === undefined ? undefined : toTurnId(row["turn_id"]);
}

/** From now on the model is shown `by` in its place. */
export async function replaceTurn(tx: Transaction, turn: TurnId, by: TurnId): Promise<void> {
  await tx.run("UPDATE turns SET replaced_by = ? WHERE id = ?", by, turn);
}

export async function findTurn(reader: Reader, turn: TurnId): Promise<Turn | undefined> {
  const row = await reader.get("SELECT * FROM turns WHERE id = ?", turn);
  return row === undefined ? undefined : toTurn(row);
}

/** The last so many, the newest first. */
export async function listTurnsOfGroup(reader: Reader, group: GroupId, limit: number): Promise<Turn[]> {
  const rows = await reader.all(
    "SELECT * FROM turns WHERE group_id = ? ORDER BY id DESC LIMIT ?",
    group,
    limit,
  );
  return rows.map(toTurn);
}

/** The last so many before that one that a process died over, and that began at `since` or later. */
export async function listInterrupted(
  reader: Reader,
  { id, group }: Pick<Turn, "id" | "group">,
  since: Date,
  limit: number,
): Promise<Turn[]> {
  const rows = await reader.all(
    `SELECT * FROM turns INDEXED BY turns_of_group WHERE group_id = ? AND started_at >= ? AND id < ?
     AND state = 'interrupted' ORDER BY id DESC LIMIT ?`,
    group,
    since.getTime(),
    id,
    limit,
  );
  return rows.map(toTurn);
}

/** The sessions in which a turn was at work at `time` or later. */
export async function listSessionsSince(reader: Reader, group: GroupId, time: number): Promise<SessionId[]> {
  const rows = await reader.all(
    "SELECT DISTINCT session_id FROM turns WHERE group_id = ? AND (ended_at IS NULL OR ended_at >= ?)",
    group,
    time,
  );
  return rows.map((row) => toSessionId(row["session_id"]));
}

function toTurn(row: Row): Turn {
  return {
    id: toTurnId(row["id"]),
    group: toGroupId(row["group_id"]),
    session: toSessionId(row["session_id"]),
    state: wordOf(row, "state", turnStates),
    epoch: integerOf(row, "epoch"),
    model: textOf(row, "model"),
    startedAt: dateOf(row, "started_at"),
    endedAt: optionalDateOf(row, "ended_at"),
    text: optionalTextOf(row, "text"),
    reason: optionalTextOf(row, "reason"),
    taint: integerOf(row, "taint"),
  };
}
