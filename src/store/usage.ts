import type { Usage } from "../providers/provider.ts";
import { integerOf } from "./columns.ts";
import type { Reader, Transaction } from "./database.ts";
import type { SessionId, TurnId } from "./ids.ts";

export interface NewUsage {
  readonly turn: TurnId;
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
  readonly now: number;
}

/** One row for each call of a model. */
export async function addUsageRow(
  tx: Transaction,
  { turn, provider, model, usage, now }: NewUsage,
): Promise<void> {
  await tx.run(
    `INSERT INTO usage (turn_id, provider, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    turn,
    provider,
    model,
    usage.inputTokens,
    usage.outputTokens,
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    now,
  );
}

export async function sumUsage(reader: Reader, session: SessionId): Promise<Usage> {
  const row =
    (await reader.get(
      `SELECT coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
         coalesce(sum(cache_read_tokens), 0) AS cache_read, coalesce(sum(cache_write_tokens), 0) AS cache_write
       FROM usage JOIN turns ON turns.id = usage.turn_id WHERE turns.session_id = ?`,
      session,
    )) ?? {};
  return {
    inputTokens: integerOf(row, "input"),
    outputTokens: integerOf(row, "output"),
    cacheReadTokens: integerOf(row, "cache_read"),
    cacheWriteTokens: integerOf(row, "cache_write"),
  };
}
