import type { Usage } from "../providers/provider.ts";
import type { DayBudget } from "../sessions/day-budget.ts";
import { toCacheShare, toSent, type UsageReport } from "../sessions/read-usage.ts";
import type { Phrases } from "../words/english/phrases.ts";

/** A label and what it stands for; each place draws them in its own way. */
export type FactRow = readonly [label: string, value: string];

export interface StatusFacts {
  readonly group: string;
  readonly session: string;
  readonly model: string;
  readonly provider: string;
  readonly entries: number;
  readonly usage: Usage;
  readonly sandbox: string;
  readonly sharedFolders: readonly { readonly path: string; readonly canWrite: boolean }[];
}

export function toStatusRows(facts: StatusFacts, { facts: words }: Phrases): readonly FactRow[] {
  const { usage, sharedFolders } = facts;
  const shared = sharedFolders.map(
    ({ path, canWrite }) => `${path} (${canWrite ? words.canWrite : words.canRead})`,
  );
  return [
    [words.group, facts.group],
    [words.session, words.entries({ session: facts.session, entries: facts.entries })],
    [words.model, `${facts.model} (${facts.provider})`],
    [words.tokens, words.inAndOut({ sent: toSent(usage), received: usage.outputTokens })],
    [words.sandbox, facts.sandbox],
    [words.shared, shared.join(", ") || words.nothing],
  ];
}

/** Tokens in and out, how much of what went in a provider's cache knew and took up, and what it cost. */
export function toUsageRows(report: UsageReport, { usage: words }: Phrases): readonly FactRow[] {
  const { models, dollars, budget } = report;
  const sums = (["turn", "session", "today", "total"] as const).flatMap((name) => {
    const usage = report[name];
    return usage === undefined ? [] : [[words[name], toTokens(usage, dollars[name], words)] as const];
  });
  const used: readonly FactRow[] = [
    ...sums,
    ...models.map(
      ({ provider, model, usage, dollars: cost }) =>
        [`${model} (${provider})`, toTokens(usage, cost, words)] as const,
    ),
  ];
  return budget === undefined ? used : [...used, [words.budget, toLeft(budget, words)]];
}

/** What may still be used today; of money only where a price is known. */
function toLeft({ spent, limit, unpriced, reached }: DayBudget, { left, usedUp }: Phrases["usage"]): string {
  const tokens = Math.round(Math.max(0, limit.tokens - spent.tokens));
  const text = left({ tokens, dollars: Math.max(0, limit.dollars - spent.dollars), unpriced });
  return reached === undefined ? text : `${text} · ${usedUp}`;
}

function toTokens(usage: Usage, dollars: number | undefined, { tokens }: Phrases["usage"]): string {
  return tokens({
    sent: toSent(usage),
    received: usage.outputTokens,
    cachedPercent: Math.round(toCacheShare(usage) * 100),
    cacheWrites: usage.cacheWriteTokens,
    dollars,
  });
}
