import { textOf, wordOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import { toTurnId, type MessageId, type TurnId } from "./ids.ts";
import type { MessageRow } from "./messages.ts";
import { turnStates } from "./turns.ts";

/** As far back as words may stand that nobody has answered. */
const most = 2000;

/**
 * The turn, and those before it whose words stand unanswered with its own at the end of its session. Undefined when nobody can
 * tell what else stands there: a summary may hold words of theirs. `hasAllWords`: nothing that it was asked was said in an
 * earlier turn.
 */
export async function findUnansweredTurns(
  reader: Reader,
  turn: TurnId,
  hasAllWords: boolean,
): Promise<readonly TurnId[] | undefined> {
  const rows = await reader.all(
    `SELECT entries.turn_id, kind, state FROM entries LEFT JOIN turns ON turns.id = entries.turn_id
     WHERE entries.session_id = (SELECT session_id FROM turns WHERE id = ?) AND turns.replaced_by IS NULL
     ORDER BY sequence DESC LIMIT ${most}`,
    turn,
  );
  const found = new Set([turn]);
  for (const row of rows) {
    const id = row["turn_id"] === null ? undefined : toTurnId(row["turn_id"]);
    if (id === turn) continue;
    if (id !== undefined && unanswered.has(wordOf(row, "state", turnStates))) {
      found.add(id);
      continue;
    }
    // What a summary stands for nobody can tell apart.
    return textOf(row, "kind") !== "summary" || hasAllWords ? [...found] : undefined;
  }
  return [...found];
}

const unanswered: ReadonlySet<string> = new Set(["running", "interrupted", "error"]);

/**
 * What they were asked is asked anew, each message by itself: no model is shown them any more. Of what they did the next turn of
 * their session is told: see `listUntoldCalls`.
 */
export async function withdrawTurns(tx: Transaction, turns: readonly TurnId[]): Promise<void> {
  for (const turn of turns) {
    await tx.run("UPDATE turns SET replaced_by = id WHERE id = ?", turn);
    // What went along waits for the next turn again.
    await tx.run(
      "UPDATE messages INDEXED BY messages_of_turn SET turn_id = NULL WHERE turn_id = ? AND state = 'overheard'",
      turn,
    );
  }
}

/** Of messages that wait: those that were withdrawn, each to be asked by itself. */
export async function listApart(
  reader: Reader,
  messages: readonly MessageRow[],
): Promise<ReadonlySet<MessageId>> {
  const apart = new Set<MessageId>();
  for (const { id, turn } of messages) {
    if (turn === undefined) continue;
    const row = await reader.get("SELECT 1 FROM turns WHERE id = ? AND replaced_by = id", turn);
    if (row !== undefined) apart.add(id);
  }
  return apart;
}
