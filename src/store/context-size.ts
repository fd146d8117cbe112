import { integerOf } from "./columns.ts";
import type { Reader } from "./database.ts";
import type { SessionId } from "./ids.ts";

/** Of text in most languages; where they are more, the provider has said so after the first answer. */
const bytesPerToken = 3;

/**
 * About how many tokens the session's next request will hold: as the provider counted the last one, or by the bytes of
 * what is shown where nobody has counted since it was summed up.
 */
export async function measureContext(reader: Reader, session: SessionId): Promise<number> {
  const counted = await reader.get(
    `SELECT input_tokens + output_tokens + cache_read_tokens + cache_write_tokens AS tokens,
       EXISTS (SELECT 1 FROM entries WHERE session_id = ?1 AND kind = 'summary' AND turn_id = turns.id) AS is_summary
     FROM turns JOIN usage ON usage.turn_id = turns.id WHERE turns.session_id = ?1
     ORDER BY turns.id DESC, usage.id DESC LIMIT 1`,
    session,
  );
  const tokens = counted === undefined ? 0 : integerOf(counted, "tokens");
  if (tokens > 0 && counted?.["is_summary"] === 0) return tokens;
  const shown = await reader.get(
    `WITH last AS (SELECT sequence, covers, length(body) AS bytes FROM entries
       WHERE session_id = ?1 AND kind = 'summary' ORDER BY sequence DESC LIMIT 1)
     SELECT coalesce((SELECT bytes FROM last), 0) + coalesce(sum(length(body)), 0) AS bytes FROM entries
     WHERE session_id = ?1 AND kind <> 'summary' AND sequence > coalesce((SELECT covers FROM last), 0)`,
    session,
  );
  return Math.ceil(integerOf(shown ?? {}, "bytes") / bytesPerToken);
}
