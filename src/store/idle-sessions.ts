import { dateOf, integerOf } from "./columns.ts";
import type { Reader } from "./database.ts";
import { toGroupId, toSessionId, type GroupId, type SessionId } from "./ids.ts";

/** A group's current conversation, in which something was said. */
export interface SpokenSession {
  readonly group: GroupId;
  readonly session: SessionId;
  /** Of its last entry. */
  readonly sequence: number;
  readonly lastAt: Date;
}

export async function listSpokenSessions(reader: Reader): Promise<readonly SpokenSession[]> {
  const rows = await reader.all(
    `SELECT sessions.group_id, entries.session_id, entries.sequence, entries.created_at FROM sessions
     JOIN groups ON groups.id = sessions.group_id AND groups.removed_at IS NULL
     JOIN entries ON entries.session_id = sessions.id
       AND entries.sequence = (SELECT max(sequence) FROM entries WHERE session_id = sessions.id)
     WHERE sessions.is_current = 1 ORDER BY entries.created_at`,
  );
  return rows.map((row) => ({
    group: toGroupId(row["group_id"]),
    session: toSessionId(row["session_id"]),
    sequence: integerOf(row, "sequence"),
    lastAt: dateOf(row, "created_at"),
  }));
}
