import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { parseCron } from "../../src/scheduler/cron.ts";
import { nextAfter } from "../../src/scheduler/schedule.ts";
import { createZone } from "../../src/scheduler/zone.ts";
import { createRules, listOccurrences, WallTable } from "../fakes/schedule-oracle.ts";
import { runSchedulerWorld, schedulerBugs, worldZones } from "../fakes/scheduler-world.ts";

export const name = "schedules";

/** Simulated days in each zone; ten years at full size. */
export const sizes = { smoke: 12, ci: 230, full: 3653 };

const day = 86_400_000;
/** A few days before the clocks of Europe and of Lord Howe change. */
const start = Date.UTC(2026, 2, 26);
/** Samoa left out the 30th of December. */
const dateLine = { zone: "Pacific/Apia", from: Date.UTC(2011, 8, 1), days: 240 };

/**
 * Every occurrence of random expressions against an oracle that lets a clock run minute by minute, and a scheduler through
 * years of restarts, deaths in transactions and clocks that are set: each occurrence runs once or is on record as missed.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, number | string> = {};
  let [passed, failed] = [0, 0];
  const fail = (problem: string): void => {
    failed++;
    progress(`FAILED ${problem}`);
  };
  let compared = 0;
  const spans = [...worldZones.map((zone) => ({ zone, from: start, days: size })), dateLine];
  for (const span of spans) {
    const { problems, occurrences, rules } = compareWithOracle(span, seed, signal);
    for (const problem of problems) fail(problem);
    passed += rules - problems.length;
    compared += occurrences;
  }
  figures["occurrences equal to the oracle's"] = compared;
  const sums = { occurrences: 0, ran: 0, missed: 0, restarts: 0, kills: 0, jumps: 0 };
  // A smoke has the one whose clock changes by half an hour.
  for (const zone of size < 100 ? worldZones.slice(2, 3) : worldZones) {
    signal.throwIfAborted();
    const result = await runSchedulerWorld({ seed, zone, from: start, days: size });
    for (const problem of result.problems) fail(`${zone}: ${problem}`);
    if (result.problems.length === 0) passed++;
    for (const key of ["occurrences", "ran", "missed", "restarts", "kills", "jumps"] as const) {
      sums[key] += result[key];
    }
    progress(`${zone}: ${result.ran} ran, ${result.missed} on record as missed`);
  }
  for (const [key, sum] of Object.entries(sums)) figures[`scheduler: ${key}`] = sum;
  for (const bug of schedulerBugs) {
    const found = await runSchedulerWorld({
      seed,
      zone: "Europe/Berlin",
      from: start,
      days: Math.min(size, 40),
      bug,
    });
    figures[`problems found of “${bug}”`] = found.problems.length;
    if (found.problems.length > 0) passed++;
    else fail(`the planted bug “${bug}” was not found`);
  }
  return { passed, failed, figures };
}

interface Span {
  readonly zone: string;
  readonly from: number;
  readonly days: number;
}

function compareWithOracle(span: Span, seed: number, signal: AbortSignal) {
  const rules = span.days > 1000 ? 60 : 30;
  const table = new WallTable(span.zone, span.from, span.from + span.days * day);
  const zone = createZone(span.zone);
  const next = createRules(seed);
  const problems: string[] = [];
  let occurrences = 0;
  for (let n = 0; n < rules; n++) {
    signal.throwIfAborted();
    const { text, rule } = next();
    const parsed = parseCron(text);
    const wanted = listOccurrences(rule, table);
    if (!parsed.ok) {
      if (wanted.length > 0) problems.push(`"${text}" is refused: ${parsed.problem}`);
      continue;
    }
    const schedule = { kind: "cron", pattern: parsed.pattern, zone } as const;
    let index = 0;
    let at = nextAfter(schedule, table.from);
    for (; at !== undefined && at <= table.until && at === wanted[index]; at = nextAfter(schedule, at))
      index++;
    occurrences += index;
    const isEqual = index === wanted.length && (at === undefined || at > table.until);
    if (!isEqual)
      problems.push(`"${text}" in ${span.zone}: at ${toText(at)} and not ${toText(wanted[index])}`);
  }
  return { problems, occurrences, rules };
}

function toText(at: number | undefined): string {
  return at === undefined ? "no time" : new Date(at).toISOString();
}
