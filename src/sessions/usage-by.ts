import { addUsage, noUsage, type Usage } from "../providers/provider.ts";
import { sumUsageByKey, type KeyedUsage, type UsageKey } from "../store/usage.ts";
import { withRight, type SessionPlace } from "./session-place.ts";
import { toSent, toSum } from "./read-usage.ts";
import type { Prices } from "./spent.ts";

export interface UsageRow {
  /** A group, a model, a task or a day; nothing: of no task. */
  readonly key: string | undefined;
  readonly calls: number;
  readonly usage: Usage;
  /** As far as prices are known; nothing where none is. */
  readonly dollars?: number;
}

export interface UsageByOptions {
  readonly by: UsageKey;
  /** Of all groups, else of the place's own. */
  readonly isOfAll: boolean;
  readonly prices: Prices;
}

const shownDays = 30;
const dayMs = 86_400_000;

/** Days in their order, of the last month; all else by how much it took, the most first. */
export async function readUsageBy(
  place: SessionPlace,
  { by, isOfAll, prices }: UsageByOptions,
): Promise<readonly UsageRow[]> {
  const { store, group, clock } = place;
  await withRight(
    place,
    "usage.read",
    isOfAll ? `tokens of all groups by ${by}` : `tokens by ${by}`,
    async () => {},
  );
  const scope = {
    ...(isOfAll ? {} : { group: group.id }),
    ...(by === "day" ? { since: clock.now() - shownDays * dayMs } : {}),
  };
  const rows = [...collect(await sumUsageByKey(store.database, scope, by))].map(([key, models]) => ({
    key,
    calls: models.reduce((sum, { calls }) => sum + calls, 0),
    ...toSum(models, prices),
  }));
  return by === "day"
    ? rows.toSorted((one, other) => ((one.key ?? "") < (other.key ?? "") ? -1 : 1))
    : rows.toSorted((one, other) => toSize(other) - toSize(one));
}

/** All of them together. */
export function toTotal(rows: readonly UsageRow[]): Omit<UsageRow, "key"> {
  const dollars = rows.reduce((sum, row) => sum + (row.dollars ?? 0), 0);
  return {
    calls: rows.reduce((sum, { calls }) => sum + calls, 0),
    usage: rows.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    ...(dollars > 0 ? { dollars } : {}),
  };
}

/** All tokens, both ways. */
export function toSize({ usage }: Pick<UsageRow, "usage">): number {
  return toSent(usage) + usage.outputTokens;
}

function collect(all: readonly KeyedUsage[]): ReadonlyMap<string | undefined, readonly KeyedUsage[]> {
  return Map.groupBy(all, ({ key }) => key);
}
