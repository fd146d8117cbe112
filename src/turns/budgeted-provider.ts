import { noUsage, type Provider } from "../providers/provider.ts";
import type { Reached } from "../sessions/day-budget.ts";
import type { Saying } from "../words/define-words.ts";
import { limitWords } from "../words/english/limit.ts";

/** The provider, asked only while the day's budget lasts: before each call, also those in the middle of a turn. */
export function createBudgetedProvider(
  provider: Provider,
  group: string,
  findReached: () => Promise<Reached | undefined>,
): Provider {
  return {
    name: provider.name,
    async *stream(request, signal) {
      const reached = await findReached();
      if (reached === undefined) yield* provider.stream(request, signal);
      else
        yield {
          type: "error",
          usage: noUsage,
          error: { class: "budget", wasCut: false, ...toSaying(group, reached) },
        };
    },
  };
}

function toSaying(group: string, { kind, whose, spent, limit }: Reached): Saying {
  const facts = { spent: toAmount(kind, spent), limit: toAmount(kind, limit) };
  switch (whose) {
    case "group":
      return limitWords.groupBudget({
        ...facts,
        group,
        key: kind === "dollars" ? "groupDollarsPerDay" : "groupTokensPerDay",
      });
    case "others":
      return limitWords.sharedBudget({
        ...facts,
        key: kind === "dollars" ? "dollarsPerDay" : "tokensPerDay",
      });
    case "all":
      return limitWords.dayBudget({ ...facts, key: kind === "dollars" ? "dollarsPerDay" : "tokensPerDay" });
    default:
      return whose satisfies never;
  }
}

function toAmount(kind: Reached["kind"], amount: number): string {
  return kind === "dollars" ? `$${amount.toFixed(2)}` : `${Math.round(amount).toLocaleString("en")} tokens`;
}
