import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { SwapRace, type Verb, verbs } from "../fakes/swap-race.ts";

export const name = "mount-races";

/** Swaps for each verb while it is tried; it is tried about once in forty of them. */
export const sizes = { smoke: 200, ci: 1200, full: 40_000 };

/**
 * A command of the group swaps a folder, in a folder that is lent to it for writing, for a link to a folder of the host, while each verb
 * goes through it: nothing of the host's may be shown or written. A program that checks the path and then acts is fooled by the same
 * swaps, and each verb must also succeed at times, or nothing was tried.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, number> = { "swaps of each verb": size };
  let passed = 0;
  let failed = 0;
  for (const verb of verbs) {
    signal.throwIfAborted();
    const race = await runVerb(verb, size, signal);
    for (const [what, count] of Object.entries(race.figures)) figures[`${verb.name}: ${what}`] = count;
    const problems = race.problems.slice(0, 5).join("; ");
    if (problems === "") passed += race.figures.tries;
    else failed += 1;
    progress(
      `${verb.name}: ${problems === "" ? `held in ${race.figures.tries} tries` : `FAILED ${problems}`}`,
    );
  }
  return { passed, failed, figures };
}

async function runVerb(verb: Verb, size: number, signal: AbortSignal) {
  await using race = await SwapRace.open();
  await using swapping = await race.swap();
  const figures = { swaps: 0, tries: 0, "reached the group's own": 0, escapes: 0 };
  const problems: string[] = [];
  const before = swapping.count();
  while (figures.swaps < size) {
    signal.throwIfAborted();
    const said = await verb.attempt(race);
    figures.tries += 1;
    if (race.isInside(said)) figures["reached the group's own"] += 1;
    const escape = race.findEscape(said);
    if (escape !== undefined) {
      figures.escapes += 1;
      problems.push(`${escape}: ${said.slice(0, 200)}`);
      race.restore();
    }
    const swaps = swapping.count() - before;
    // The swapper is dead.
    if (swaps === figures.swaps && figures.tries > size) problems.push("nothing was swapped");
    figures.swaps = swaps;
    if (problems.length > 20) break;
  }
  if (figures["reached the group's own"] === 0) problems.push("it never succeeded: nothing was tried");
  if (!race.foolNaive(verb, 200_000))
    problems.push("a naive check of the path was not fooled: no race was run");
  return { figures, problems };
}
