import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { carriers, GatewayFlow } from "../fakes/gateway-flow.ts";
import { createRandom, quantile } from "../fakes/random.ts";

export const name = "gateway-kills";

/** Kills, over all carriers together; ten messages for each. */
export const sizes = { smoke: 6, ci: 42, full: 1002 };

const messagesPerKill = 10;
const chats = 20;

/**
 * A gateway under load is killed outright at random instants, also while it starts. In the end every message that was
 * acknowledged must have been answered exactly once: as far as the chats saw, and nobody asks the database.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const random = createRandom(seed);
  const recoveries: number[] = [];
  const figures: Record<string, number> = {};
  let failed = 0;
  for (const carrier of carriers) {
    const kills = Math.ceil(size / carriers.length);
    await using flow = await GatewayFlow.open({ carrier, chats, seed });
    for (let kill = 0; kill < kills; kill++) {
      signal.throwIfAborted();
      flow.write(messagesPerKill);
      const hadWork = flow.hasUnasked;
      const began = performance.now();
      const running = flow.start();
      // Half of them while it starts or has just started, the rest when it is well at work.
      const lifeMs = random() < 0.5 ? random() * 250 : 250 + random() * 500;
      const end = AbortSignal.timeout(lifeMs);
      if (hadWork) {
        await flow.nextRequest(end);
        if (!end.aborted) recoveries.push(performance.now() - began);
      }
      if (!end.aborted) await new Promise((resolve) => end.addEventListener("abort", resolve));
      running.kill("SIGKILL");
      await running.ended;
      if (kill % 20 === 19) progress(`${carrier}: ${kill + 1} of ${kills}`);
    }
    const verdict = await flow.finish(60_000);
    const { accepted, answeredOnce, lost, duplicates, extraCopies, orderViolations, setAside } = verdict;
    Object.assign(figures, {
      [`${carrier}: kills`]: kills,
      [`${carrier}: written`]: flow.written,
      [`${carrier}: accepted`]: accepted,
      [`${carrier}: answered once`]: answeredOnce,
      [`${carrier}: lost`]: Math.max(0, lost.length - setAside),
      [`${carrier}: answered twice`]: duplicates.length,
      [`${carrier}: extra copies`]: extraCopies,
      [`${carrier}: order violations`]: orderViolations.length,
      [`${carrier}: set aside and told`]: setAside,
    });
    // A platform that knows no keys may show one more copy for each send that a kill cut off.
    const mostCopies = carrier === "platform" ? kills * chats : 0;
    const problems = [
      ...(accepted === flow.written ? [] : [`${flow.written - accepted} were never accepted`]),
      ...(lost.length <= setAside ? [] : lost.map((mark) => `lost: ${mark} ${flow.explain(mark)}`)),
      ...duplicates.map((mark) => `answered twice: ${mark}`),
      ...(extraCopies <= mostCopies ? [] : [`${extraCopies} extra copies`]),
      ...orderViolations,
      ...flow.bench.faults,
    ];
    for (const problem of problems) progress(`FAILED ${carrier}: ${problem}`);
    failed += problems.length;
  }
  return {
    passed: size - Math.min(failed, size),
    failed,
    figures: {
      ...figures,
      ...(recoveries.length === 0 ? {} : toFigures(recoveries)),
    },
  };
}

function toFigures(recoveries: readonly number[]): Readonly<Record<string, number>> {
  return {
    "recovery p50 ms": Math.round(quantile(recoveries, 0.5)),
    "recovery p99 ms": Math.round(quantile(recoveries, 0.99)),
    "recovery most ms": Math.round(Math.max(...recoveries)),
  };
}
