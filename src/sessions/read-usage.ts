import { toMidnight } from "../midnight.ts";
import type { Usage } from "../providers/provider.ts";
import type { SessionId } from "../store/ids.ts";
import { findLastUsedTurn, sumUsageByModel, sumUsageOf, type ModelUsage } from "../store/usage.ts";
import { readDayBudget, type BudgetLimits, type DayBudget } from "./day-budget.ts";
import { withRight, type SessionPlace } from "./session-place.ts";

export interface UsageReport {
  /** Of the last turn; nothing before the first. */
  readonly turn: Usage | undefined;
  readonly session: Usage | undefined;
  /** Since midnight, where the person is. */
  readonly today: Usage;
  readonly total: Usage;
  /** All of the group's, by model. */
  readonly models: readonly ModelUsage[];
  /** What is left of the day, where a budget is kept. */
  readonly budget?: DayBudget;
}

/** What a group's models were sent and said; `session` narrows the first two. */
export async function readUsage(
  place: SessionPlace & { readonly budget?: BudgetLimits },
  session: SessionId | undefined,
): Promise<UsageReport> {
  const { store, group, clock } = place;
  const { database } = store;
  await withRight(place, "usage.read", "tokens", async () => {});
  const turn = session === undefined ? undefined : await findLastUsedTurn(database, session);
  return {
    turn: turn === undefined ? undefined : await sumUsageOf(database, { turn }),
    session: session === undefined ? undefined : await sumUsageOf(database, { session }),
    today: await sumUsageOf(database, { group: group.id, since: toMidnight(clock.now()) }),
    total: await sumUsageOf(database, { group: group.id }),
    models: await sumUsageByModel(database, { group: group.id }),
    ...(place.budget === undefined
      ? {}
      : { budget: await readDayBudget(database, group, place.budget, clock.now()) }),
  };
}

/** How much of what was sent was read from the provider's cache, from 0 to 1. */
export function toCacheShare(usage: Usage): number {
  const sent = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return sent === 0 ? 0 : usage.cacheReadTokens / sent;
}
