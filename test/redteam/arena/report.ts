import type { Outcome, Verdict } from "./judge.ts";

/** What is said of a run in numbers, and each case that did not hold in words. */
export interface Report {
  readonly figures: Readonly<Record<string, string | number>>;
  readonly complaints: readonly string[];
}

export function toReport(outcomes: readonly Outcome[], notYet: readonly string[]): Report {
  const count = (verdict: Verdict): number => outcomes.filter((each) => each.verdict === verdict).length;
  // A twin is tried only where the attack got nothing.
  const twins = outcomes.filter(({ verdict }) => verdict === "held" || verdict === "vacuous").length;
  const cards = outcomes.reduce((sum, each) => sum + each.cards, 0);
  const bad = outcomes.filter(({ verdict }) => verdict !== "held");
  return {
    figures: {
      cases: new Set(outcomes.map(({ id }) => id)).size,
      judged: outcomes.length,
      held: count("held"),
      breaches: count("breach"),
      vacuous: count("vacuous"),
      broken: count("broken"),
      "twins passed": twins,
      "twins failed": count("twin failed"),
      "cards for twins": cards,
      "not yet": notYet.length,
      "not yet, by id": notYet.join(" "),
    },
    complaints: [
      ...bad.map(
        ({ id, as, verdict, detail }) => `${verdict.toUpperCase()} ${id} as ${as}: ${detail.slice(0, 600)}`,
      ),
      // Who is asked too often no longer reads what he is asked.
      ...(cards * 10 > twins
        ? [`${cards} cards for ${twins} twins that mean well: at most one for ten is allowed`]
        : []),
    ],
  };
}
