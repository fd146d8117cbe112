import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { CrashFlow } from "../fakes/crash-flow.ts";
import type { Ran } from "../fakes/program-bench.ts";
import { countCalls, injecting, spread, type ChangingCall } from "../fakes/strace.ts";

export const name = "disk-errors";

/** Points of each kind of error, at most. */
export const sizes = { smoke: 1, ci: 5, full: 1000 };

interface Series {
  readonly call: ChangingCall;
  readonly error: string;
  /** From that call on, or that one alone. */
  readonly lasts: boolean;
}

const series: readonly Series[] = [
  { call: "pwrite64", error: "ENOSPC", lasts: true },
  { call: "pwrite64", error: "EIO", lasts: false },
  { call: "fsync", error: "EIO", lasts: false },
  { call: "fsync", error: "EIO", lasts: true },
];

/** The disk fails at each write of a turn: the person is told in words, and when the disk is well the next run goes on. */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, number> = {};
  let passed = 0;
  let failed = 0;
  for (const { call, error, lasts } of series) {
    await using flow = await CrashFlow.open("anthropic");
    await flow.start("before", "s").ended;
    const counts = await countCalls(flow.bench.root, (under) => flow.start("counted", "s", { under }));
    const kind = `${error} at ${call}${lasts ? " and after" : ""}`;
    for (const point of spread(counts.get(call) ?? 0, size)) {
      signal.throwIfAborted();
      const id = `e${point}`;
      const session = `s${Math.floor(point / 20)}`;
      const under = injecting(call, `error=${error}`, `${point}${lasts ? "+" : ""}`);
      const ran = await flow.start(id, session, { under }).ended;
      if (ran.code !== 0) figures[`told of ${kind}`] = (figures[`told of ${kind}`] ?? 0) + 1;
      const { problems } = await flow.recover(id, session);
      const all = [...findSilence(ran), ...problems];
      for (const problem of all) progress(`FAILED ${kind} ${point}: ${problem}`);
      if (all.length === 0) passed++;
      else failed++;
    }
    progress(kind);
  }
  return { passed, failed, figures };
}

/** A run that failed says so in words for a person; one that did not has answered. */
function findSilence({ out, err, code }: Ran): string[] {
  if (code === 0) return out.startsWith("Done with") ? [] : [`it ended well without its answer: ${out}`];
  if (code !== 1) return [`it ended with ${code}: ${err}`];
  if (err.includes("bug in NanoClaw")) return [`it took it for a bug: ${err}`];
  return /^nanoclaw: ./m.test(err) ? [] : [`it said nothing of its failure: ${err}`];
}
