import { toMidnight } from "../midnight.ts";
import type { Config } from "../config.ts";
import type { Reader } from "../store/database.ts";
import { getGroup, mainGroup, type Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import { sumUsageByGroup, type GroupUsage } from "../store/usage.ts";
import { findPrice, toSpent, type Prices, type Spent } from "./spent.ts";

/** What models may cost in a day; the part of the configuration that says so. */
export type BudgetLimits = Pick<
  Config["limits"],
  "dollarsPerDay" | "groupDollarsPerDay" | "tokensPerDay" | "groupTokensPerDay" | "mainPercent"
> & { readonly prices: Prices };

export interface DayBudget {
  /** Since midnight: by this group, and how much it may. */
  readonly spent: Spent;
  readonly limit: Spent;
  /** Models that were used and have no price: they count in tokens. */
  readonly unpriced: readonly string[];
  /** What is used up; without it, the next call of a model may be made. */
  readonly reached?: Reached;
}

export interface Reached {
  readonly kind: keyof Spent;
  /** `all`: of all groups together; `others`: of all but main, which keeps its share. */
  readonly whose: "group" | "others" | "all";
  readonly spent: number;
  readonly limit: number;
}

/** What a group has used of its day, for people. */
export async function readDayBudget(
  reader: Reader,
  group: Pick<Group, "id" | "name">,
  limits: BudgetLimits,
  now: number,
): Promise<DayBudget> {
  const today = await sumUsageByGroup(reader, toMidnight(now));
  const models = ofGroup(today, group);
  const reached = await findReachedBy(today, reader, group, limits);
  return {
    spent: toSpent(models, limits.prices),
    limit: toLimit(group, limits),
    unpriced: [...new Set(models.map(({ model }) => model))].filter(
      (model) => findPrice(model, limits.prices) === undefined,
    ),
    ...(reached === undefined ? {} : { reached }),
  };
}

/**
 * What is used up, if anything is, before a model is asked once more. Main may use all there is; the others share what it
 * does not keep for itself.
 */
export async function findReached(
  { database, dayUsage }: Pick<Store, "database" | "dayUsage">,
  group: Pick<Group, "id" | "name">,
  limits: BudgetLimits,
  now: number,
): Promise<Reached | undefined> {
  return await findReachedBy(await dayUsage.since(toMidnight(now)), database, group, limits);
}

async function findReachedBy(
  today: readonly GroupUsage[],
  reader: Reader,
  group: Pick<Group, "id" | "name">,
  limits: BudgetLimits,
): Promise<Reached | undefined> {
  const all = toSpent(today, limits.prices);
  const ofAll = toReached("all", all, { dollars: limits.dollarsPerDay, tokens: limits.tokensPerDay });
  if (ofAll !== undefined || group.name === mainGroup) return ofAll;
  const own = toSpent(ofGroup(today, group), limits.prices);
  const main = await getGroup(reader, mainGroup);
  const others = toSpent(
    today.filter((each) => each.group !== main.id),
    limits.prices,
  );
  return toReached("others", others, toShare(limits)) ?? toReached("group", own, toLimit(group, limits));
}

function ofGroup(today: readonly GroupUsage[], { id }: Pick<Group, "id">): readonly GroupUsage[] {
  return today.filter(({ group }) => group === id);
}

function toLimit({ name }: Pick<Group, "name">, limits: BudgetLimits): Spent {
  if (name === mainGroup) return { dollars: limits.dollarsPerDay, tokens: limits.tokensPerDay };
  const share = toShare(limits);
  return {
    dollars: Math.min(limits.groupDollarsPerDay, share.dollars),
    tokens: Math.min(limits.groupTokensPerDay, share.tokens),
  };
}

/** Of all groups but main together. */
function toShare({ dollarsPerDay, tokensPerDay, mainPercent }: BudgetLimits): Spent {
  const share = 1 - mainPercent / 100;
  return { dollars: dollarsPerDay * share, tokens: tokensPerDay * share };
}

function toReached(whose: Reached["whose"], spent: Spent, limit: Spent): Reached | undefined {
  const kind = (["dollars", "tokens"] as const).find((each) => spent[each] >= limit[each]);
  return kind === undefined ? undefined : { kind, whose, spent: spent[kind], limit: limit[kind] };
}
