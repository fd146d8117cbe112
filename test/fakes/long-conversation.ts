import type { Message } from "../../src/providers/provider.ts";
import { appendEntries, type NewEntry } from "../../src/store/entries.ts";
import { getGroup } from "../../src/store/groups.ts";
import { ensureCurrentSession } from "../../src/store/sessions.ts";
import type { Store } from "../../src/store/store.ts";
import { beginTurn } from "../../src/store/turns.ts";
import { addUsageRow } from "../../src/store/usage.ts";
import { createSummaryMessage } from "../../src/agent/compact.ts";

/** Between two summaries: what a window of usual size holds of short turns. */
const turnsInWindow = 60;

/**
 * So many turns of main's conversation as they would lie in the store, summed up each time that a window was full. It ends with a
 * summary and the same ten turns, however many there are.
 */
export async function seedTurns(store: Store, turns: number): Promise<void> {
  const main = await getGroup(store.database, "main");
  for (let from = 0; from < turns; from += 500) {
    await store.database.transaction(async (tx) => {
      const session = await ensureCurrentSession(tx, main.id, 1);
      for (let n = from; n < Math.min(turns, from + 500); n++) {
        const left = turns - n;
        const place = { group: main.id, session: session.id, epoch: 0, model: "test", taint: 0, now: n };
        const turn = await beginTurn(tx, place);
        await tx.run("UPDATE turns SET state = 'done', ended_at = ? WHERE id = ?", n, turn);
        const last = await appendEntries(tx, [toUser(left), toAnswer(left)], {
          session: session.id,
          turn,
          now: n,
        });
        const usage = { inputTokens: 900, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 };
        await addUsageRow(tx, { turn, provider: "answering", model: "test", usage, now: n });
        if (n % turnsInWindow !== 0 && left !== 10) continue;
        const message = createSummaryMessage("They spoke of trains.");
        await appendEntries(tx, [{ kind: "summary", message, taint: 0, covers: last }], {
          session: session.id,
          now: n,
        });
      }
    });
  }
}

function toUser(left: number): NewEntry {
  const text = `question ${left}: ${"when does the train leave? ".repeat(4)}`;
  return { kind: "user", message: { role: "user", content: [{ type: "text", text }] }, taint: 0 };
}

function toAnswer(left: number): NewEntry {
  const message: Message = { role: "assistant", content: [{ type: "text", text: `At ${left}.` }] };
  return { kind: "assistant", message, taint: 0 };
}
