import { dateOf, integerOf, optionalTextOf } from "./columns.ts";
import type { Reader, Row } from "./database.ts";
import type { GroupId } from "./ids.ts";
import { toSession, type Session } from "./sessions.ts";

export interface SessionSummary extends Session {
  readonly entries: number;
  /** When its last entry was written, or it was begun. */
  readonly lastAt: Date;
  /** What the person wrote first. */
  readonly firstWords: string | undefined;
}

/** The one that was used last first. */
export async function listSessions(reader: Reader, group: GroupId): Promise<SessionSummary[]> {
  const rows = await reader.all(
    `${summarise} WHERE group_id = ? AND task_id IS NULL ORDER BY last_at DESC, id DESC`,
    group,
  );
  return rows.map(toSummary);
}

/** By its name, else by its number, with or without `#`. */
export async function findSession(
  reader: Reader,
  group: GroupId,
  word: string,
): Promise<SessionSummary | undefined> {
  const row = await reader.get(
    `${summarise} WHERE group_id = ? AND (name = ? OR id = ?) ORDER BY name = ? DESC LIMIT 1`,
    group,
    word,
    toNumber(word),
    word,
  );
  return row === undefined ? undefined : toSummary(row);
}

const summarise = `SELECT sessions.*,
  (SELECT count(*) FROM entries WHERE session_id = sessions.id) AS entry_count,
  coalesce((SELECT created_at FROM entries WHERE session_id = sessions.id ORDER BY sequence DESC LIMIT 1), created_at) AS last_at,
  (SELECT iif(json_valid(body), substr(json_extract(body, '$.content[0].text'), 1, 300), NULL)
    FROM entries WHERE session_id = sessions.id AND kind = 'user' ORDER BY sequence LIMIT 1) AS first_words
  FROM sessions`;

/** No session has the number 0. */
function toNumber(word: string): number {
  return /^#?\d{1,15}$/.test(word) ? Number(word.replace("#", "")) : 0;
}

function toSummary(row: Row): SessionSummary {
  return {
    ...toSession(row),
    entries: integerOf(row, "entry_count"),
    lastAt: dateOf(row, "last_at"),
    firstWords: optionalTextOf(row, "first_words"),
  };
}
