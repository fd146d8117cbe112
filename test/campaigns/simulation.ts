import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { plantedBugs, Simulation, type SimulationResult } from "../fakes/simulation.ts";

export const name = "simulation";

/** Seeds, each over both kinds of platform. */
export const sizes = { smoke: 10, ci: 40, full: 2_000 };

/** Of these, so many are told a second time: the story must be the same. */
const part = 0.2;

/** Seeds after which a planted bug must have been found, in worlds in which most sends fail at first. */
const mostForBug = 40;

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
  await using simulation = await Simulation.open();
  const traces = new Map<number, string>();
  for (const isIdempotent of [true, false]) {
    const kind = isIdempotent ? "idempotent" : "not idempotent";
    const sums = { crashes: 0, copies: 0, unknown: 0, setAside: 0 };
    for (let seed = first; seed < first + size; seed++) {
      signal.throwIfAborted();
      const result = await simulation.run({ seed, isIdempotent });
      if (isIdempotent) traces.set(seed, result.trace);
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
    const seed = await findBug(simulation, bug, first, signal);
    figures[`found “${bug}” at seed`] = seed ?? "never";
    if (seed !== undefined) continue;
    failed++;
    progress(`FAILED the planted bug “${bug}” was not found`);
  }
  let drifted = 0;
  for (const [seed, trace] of [...traces].slice(0, Math.ceil(size * part))) {
    signal.throwIfAborted();
    if ((await simulation.run({ seed, isIdempotent: true })).trace !== trace) drifted++;
  }
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
  simulation: Simulation,
  bug: (typeof plantedBugs)[number],
  first: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (let seed = first; seed < first + mostForBug; seed++) {
    signal.throwIfAborted();
    const world = { seed, isIdempotent: true, isHarsh: true };
    if (findProblems(await simulation.run({ ...world, bug }), true).length === 0) continue;
    // It is the bug that was found, and not the world.
    const sound = findProblems(await simulation.run(world), true);
    if (sound.length > 0) throw new Error(`seed ${seed} is no world to live in: ${sound.join("; ")}`);
    return seed;
  }
  return undefined;
}
