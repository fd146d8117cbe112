import { toMidnight } from "../midnight.ts";
import { addUsage, noUsage, type Usage } from "../providers/provider.ts";
import type { SessionId } from "../store/ids.ts";
import { findLastUsedTurn, sumUsageByModel, type ModelUsage, type UsageScope } from "../store/usage.ts";
import { readDayBudget, type BudgetLimits, type DayBudget } from "./day-budget.ts";
import { withRight, type SessionPlace } from "./session-place.ts";
import { toSpent, type Prices } from "./spent.ts";

export interface UsageReport {
  /** Of the last turn; nothing before the first. */
  readonly turn: Usage | undefined;
  readonly session: Usage | undefined;
  /** Since midnight, where the person is. */
  readonly today: Usage;
  readonly total: Usage;
  /** All of the group's, by model. */
  readonly models: readonly (ModelUsage & { readonly dollars?: number })[];
  /** What each sum cost, as far as the models' prices are known; nothing where none is. */
  readonly dollars: Readonly<Partial<Record<"turn" | "session" | "today" | "total", number>>>;
  /** What is left of the day, where a budget is kept. */
  readonly budget?: DayBudget;
}

/** What a group's models were sent and said; `session` narrows the first two. */
export async function readUsage(
  place: SessionPlace & { readonly budget?: BudgetLimits },
  session: SessionId | undefined,
): Promise<UsageReport> {
  const { store, group, clock, budget } = place;
  const { database } = store;
  await withRight(place, "usage.read", "tokens", async () => {});
  const lastTurn = session === undefined ? undefined : await findLastUsedTurn(database, session);
  const prices = budget?.prices ?? {};
  async function sum(scope: UsageScope): Promise<Sum> {
    return toSum(await sumUsageByModel(database, scope), prices);
  }
  const turn = lastTurn === undefined ? undefined : await sum({ turn: lastTurn });
  const talk = session === undefined ? undefined : await sum({ session });
  const today = await sum({ group: group.id, since: toMidnight(clock.now()) });
  const models = await sumUsageByModel(database, { group: group.id });
  const total = toSum(models, prices);
  return {
    turn: turn?.usage,
    session: talk?.usage,
    today: today.usage,
    total: total.usage,
    models: models.map((model) => ({ ...model, ...toCost(toSum([model], prices)) })),
    dollars: {
      ...(turn?.dollars === undefined ? {} : { turn: turn.dollars }),
      ...(talk?.dollars === undefined ? {} : { session: talk.dollars }),
      ...(today.dollars === undefined ? {} : { today: today.dollars }),
      ...(total.dollars === undefined ? {} : { total: total.dollars }),
    },
    ...(budget === undefined ? {} : { budget: await readDayBudget(database, group, budget, clock.now()) }),
  };
}

/** How much of what was sent was read from the provider's cache, from 0 to 1. */
export function toCacheShare(usage: Usage): number {
  const sent = toSent(usage);
  return sent === 0 ? 0 : usage.cacheReadTokens / sent;
}

/** All that went to a model, whatever of it a cache knew. */
export function toSent({ inputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens;
}

interface Sum {
  readonly usage: Usage;
  readonly dollars?: number;
}

/** Of several models together; the money as far as their prices are known. */
export function toSum(models: readonly Pick<ModelUsage, "model" | "usage">[], prices: Prices): Sum {
  const usage = models.reduce((all, each) => addUsage(all, each.usage), noUsage);
  return { usage, ...toCost({ dollars: toSpent(models, prices).dollars }) };
}

function toCost({ dollars = 0 }: Pick<Sum, "dollars">): { readonly dollars?: number } {
  return dollars > 0 ? { dollars } : {};
}
