import { integerOf, textOf } from "./columns.ts";
import type { Reader } from "./database.ts";
import type { GroupId, TurnId } from "./ids.ts";

/** What stains the words of a turn, as bits; without one, those of the group's running turn. */
export async function readOutgoingTaint(
  reader: Reader,
  { turn, group }: { readonly turn?: TurnId | undefined; readonly group: GroupId | undefined },
): Promise<number> {
  const [condition, value] =
    turn === undefined
      ? (["turns.group_id = ? AND turns.state = 'running'", group ?? null] as const)
      : (["turns.id = ?", turn] as const);
  const row = await reader.get(
    `SELECT turns.taint | sessions.taint AS taint FROM turns JOIN sessions ON sessions.id = turns.session_id
     WHERE ${condition} ORDER BY turns.id DESC LIMIT 1`,
    value,
  );
  return row === undefined ? 0 : integerOf(row, "taint");
}

/** What the owner wrote to the group in the conversation that goes on and speaks of this; the newest first. */
export async function listOwnerWords(
  reader: Reader,
  group: GroupId,
  part: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await reader.all(
    `SELECT json_extract(body, '$.text') AS text FROM messages INDEXED BY messages_of_owner
     WHERE group_id = ?1 AND person_kind = 'owner' AND taint & 1 = 0 AND instr(lower(body), lower(?2)) > 0
       AND received_at >= coalesce((SELECT created_at FROM sessions WHERE group_id = ?1 AND is_current = 1), 0)
     ORDER BY id DESC LIMIT ?3`,
    group,
    part,
    limit,
  );
  return rows.map((row) => textOf(row, "text"));
}
