import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { plantedBugs, simulate, type SimulationResult } from "../fakes/simulation.ts";

export const name = "simulation";

/** Seeds, each over both kinds of platform. */
export const sizes = { smoke: 20, ci: 40, full: 10_000 };

/** Seeds after which a planted bug must have been found. */
const mostForBug = 200;

/**
 * The gateway in virtual time: each seed is a world of crashes, lost requests, a model that fails and clocks that jump. No
 * world may lose a message, answer one twice or in another order; and each planted bug must be found in some world.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed: first, progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, number | string> = {};
  let failed = 0;
  for (const isIdempotent of [true, false]) {
    const kind = isIdempotent ? "idempotent" : "not idempotent";
    const sums = { crashes: 0, copies: 0, unknown: 0, setAside: 0 };
    for (let seed = first; seed < first + size; seed++) {
      signal.throwIfAborted();
      const result = await simulate({ seed, isIdempotent });
      const problems = findProblems(result, isIdempotent);
      for (const problem of problems) progress(`FAILED seed ${seed}, ${kind}: ${problem}`);
      if (problems.length > 0) failed++;
      sums.crashes += result.crashes;
      sums.copies += result.extraCopies;
      sums.unknown += result.unknownSends;
      sums.setAside += result.setAside;
      if ((seed - first) % 500 === 499) progress(`${kind}: ${seed - first + 1} of ${size}`);
    }
    figures[`${kind}: crashes`] = sums.crashes;
    figures[`${kind}: sends of unknown outcome`] = sums.unknown;
    figures[`${kind}: extra copies`] = sums.copies;
    figures[`${kind}: set aside and told`] = sums.setAside;
  }
  for (const bug of plantedBugs) {
    const seed = await findBug(bug, first, signal);
    figures[`found “${bug}” at seed`] = seed ?? "never";
    if (seed !== undefined) continue;
    failed++;
    progress(`FAILED the planted bug “${bug}” was not found`);
  }
  const drifted = await countDrift(first, Math.min(size, 50));
  figures["seeds whose trace was another the second time"] = drifted;
  return { passed: 2 * size - Math.min(failed, 2 * size), failed: failed + drifted, figures };
}

export function findProblems(result: SimulationResult, isIdempotent: boolean): readonly string[] {
  const { accepted, written, lost, duplicates, extraCopies, orderViolations, crashes } = result;
  // A death between a send and its record is one more that nobody knows about.
  const mostCopies = isIdempotent ? 0 : result.unknownSends + crashes * 3;
  return [
    ...(accepted === written ? [] : [`${written - accepted} were never acknowledged`]),
    ...(lost.length === 0 ? [] : [`lost ${lost.join(" ")}`]),
    ...(duplicates.length === 0 ? [] : [`answered twice ${duplicates.join(" ")}`]),
    ...(extraCopies <= mostCopies ? [] : [`${extraCopies} extra copies, at most ${mostCopies} may be`]),
    // What was set aside comes later than what was said after it.
    ...(result.setAside > 0 ? [] : orderViolations),
  ];
}

async function findBug(
  bug: (typeof plantedBugs)[number],
  first: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (let seed = first; seed < first + mostForBug; seed++) {
    signal.throwIfAborted();
    if (findProblems(await simulate({ seed, isIdempotent: true, bug }), true).length > 0) return seed;
  }
  return undefined;
}

async function countDrift(first: number, count: number): Promise<number> {
  let drifted = 0;
  for (let seed = first; seed < first + count; seed++) {
    const [one, two] = [
      await simulate({ seed, isIdempotent: true }),
      await simulate({ seed, isIdempotent: true }),
    ];
    if (one.trace !== two.trace) drifted++;
  }
  return drifted;
}
