import { optionalIntegerOf, textOf } from "./columns.ts";
import type { Reader, Row } from "./database.ts";
import { toTurnId, type SessionId, type TurnId } from "./ids.ts";

/** A call of a tool that a withdrawn turn had begun. */
export interface UntoldCall {
  readonly turn: TurnId;
  readonly callId: string;
  readonly name: string;
  /** As a person reads it. Without one, for it may be what made the turns fail: one that was told it failed as well. */
  readonly title: string | undefined;
  /** `waits`: for the owner's answer, under a request of its own. */
  readonly outcome: "done" | "failed" | "waits" | "unknown";
}

/** As far back as withdrawn turns may stand in a row. */
const most = 2000;

/**
 * What turns did that the model is no longer shown, and that no turn which it is still shown was told of: in the order in which
 * they did it.
 */
export async function listUntoldCalls(reader: Reader, session: SessionId): Promise<readonly UntoldCall[]> {
  const [newest] = await listLast(reader, session, 1);
  // Nearly always: nothing was withdrawn.
  if (newest?.isWithdrawn !== true) return [];
  const wasAsked = new Map<TurnId, boolean>();
  for (const { turn, kind, isWithdrawn } of await listLast(reader, session, most)) {
    if (!isWithdrawn) break;
    wasAsked.set(turn, kind === "user" || wasAsked.get(turn) === true);
  }
  const calls: UntoldCall[][] = [];
  let isSuspect = false;
  for (const [turn, hasWords] of wasAsked) {
    calls.unshift(await listCalls(reader, turn, isSuspect));
    isSuspect ||= hasWords;
  }
  return calls.flat();
}

/** Turns of the last entries, the newest first. Summaries are made by turns that are told nothing. */
async function listLast(reader: Reader, session: SessionId, limit: number) {
  const rows = await reader.all(
    `SELECT turn_id, kind, replaced_by FROM entries JOIN turns ON turns.id = turn_id
     WHERE entries.session_id = ? AND kind <> 'summary' ORDER BY sequence DESC LIMIT ?`,
    session,
    limit,
  );
  return rows.map((row) => ({
    turn: toTurnId(row["turn_id"]),
    kind: textOf(row, "kind"),
    isWithdrawn: optionalIntegerOf(row, "replaced_by") === row["turn_id"],
  }));
}

async function listCalls(reader: Reader, turn: TurnId, isSuspect: boolean): Promise<UntoldCall[]> {
  const rows = await reader.all(
    `SELECT event ->> '$.type' AS type, coalesce(event ->> '$.callId', event ->> '$.message.callId') AS call,
       coalesce(event ->> '$.name', event ->> '$.message.name') AS name, event ->> '$.title' AS title,
       event ->> '$.message.isError' AS has_failed, event ->> '$.details.waitsFor' AS waits_for
     FROM journal WHERE turn_id = ? AND type IN ('tool-start', 'tool-end') ORDER BY sequence`,
    turn,
  );
  const calls = new Map<string, UntoldCall>();
  for (const row of rows) {
    const callId = textOf(row, "call");
    const title = isSuspect ? undefined : textOf(row, "title");
    calls.set(callId, { turn, callId, name: textOf(row, "name"), title, outcome: toOutcome(row) });
  }
  return [...calls.values()];
}

function toOutcome(row: Row): UntoldCall["outcome"] {
  if (textOf(row, "type") === "tool-start") return "unknown";
  if (row["waits_for"] !== null) return "waits";
  return optionalIntegerOf(row, "has_failed") === 1 ? "failed" : "done";
}
