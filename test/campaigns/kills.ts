import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { CrashFlow } from "../fakes/crash-flow.ts";
import { wires } from "../fakes/program-bench.ts";
import { createRandom, quantile } from "../fakes/random.ts";

export const name = "kills";

export const sizes = { smoke: 6, ci: 70, full: 1000 };

export const isAlone = true;

/** After so many a new home: a transcript must not grow without end. */
const killsPerHome = 50;
const killsPerSession = 10;

/**
 * The real program, with a model that calls tools, is killed outright at a random instant, again and again. The next run must be at work at
 * once: the database whole, the transcript accepted by a strict server, no call run twice, nothing left behind.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const random = createRandom(seed);
  const stages = new Map<string, number>();
  const recoveries: number[] = [];
  let failed = 0;
  for (let done = 0; done < size;) {
    const wire = wires[Math.floor(done / killsPerHome) % wires.length] ?? "anthropic";
    await using flow = await CrashFlow.open(wire);
    const wholeMs = await measure(flow);
    for (let here = 0; here < killsPerHome && done < size; here++, done++) {
      signal.throwIfAborted();
      let stage = "";
      const session = `s${Math.floor(here / killsPerSession)}`;
      let id = "";
      // One in four is killed a second time before it has been looked after.
      for (let kill = 0; kill < (random() < 0.25 ? 2 : 1); kill++) {
        id = `k${done}x${kill}`;
        const running = flow.start(id, session);
        const timer = setTimeout(() => running.kill("SIGKILL"), random() * wholeMs);
        await running.ended;
        clearTimeout(timer);
        stage = await flow.stage(id, running);
        stages.set(stage, (stages.get(stage) ?? 0) + 1);
      }
      const { problems, recoveryMs } = await flow.recover(id, session);
      recoveries.push(recoveryMs);
      for (const problem of problems) progress(`FAILED ${problem} (killed at: ${stage})`);
      if (problems.length > 0) failed++;
    }
    progress(`${done} of ${size} over ${wire}`);
  }
  return {
    passed: size - failed,
    failed,
    figures: {
      ...Object.fromEntries([...stages].map(([stage, count]) => [`killed at: ${stage}`, count])),
      "recovery p50 ms": Math.round(quantile(recoveries, 0.5)),
      "recovery p99 ms": Math.round(quantile(recoveries, 0.99)),
      "recovery most ms": Math.round(Math.max(...recoveries)),
    },
  };
}

/** How long a turn takes that nobody ends; the second, for the first makes the home. */
async function measure(flow: CrashFlow): Promise<number> {
  await flow.start("warmup", "s0").ended;
  const began = performance.now();
  await flow.start("measured", "s0").ended;
  return performance.now() - began;
}
