import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayFlow, type Carrier } from "../fakes/gateway-flow.ts";
import { answerMarks } from "../fakes/gateway-ledger.ts";
import type { LlmRequest } from "../fakes/llm-server.ts";
import type { Fault, Turn } from "../fakes/llm-turn.ts";
import { createRandom } from "../fakes/random.ts";

export const name = "gateway-platform";

/** Messages in each of the four worlds. */
export const sizes = { smoke: 20, ci: 25, full: 600 };

const chats = 20;

interface World {
  readonly name: string;
  readonly carrier: Carrier;
  readonly hasBadModel: boolean;
}

const worlds: readonly World[] = [
  { name: "bad platform", carrier: "platform", hasBadModel: false },
  { name: "bad idempotent platform", carrier: "idempotent platform", hasBadModel: false },
  { name: "bad model", carrier: "http", hasBadModel: true },
  { name: "all of it", carrier: "platform", hasBadModel: true },
];

/**
 * A platform that drops, delays, repeats, reorders, loses answers, asks to wait and is away for seconds; a model that
 * fails in every way that passes. Everything is answered once, and there are no more copies than sends whose outcome
 * nobody could know. The worlds run beside each other: most of the time they wait to try again.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const outcomes = await Promise.all(
    worlds.map(async (world) => {
      const outcome = await runWorld(world, size, seed, signal);
      for (const problem of outcome.problems.slice(0, 20)) progress(`FAILED ${world.name}: ${problem}`);
      progress(`${world.name}: ${outcome.figures[`${world.name}: answered once`]} of ${size} answered once`);
      return outcome;
    }),
  );
  const failed = outcomes.reduce((sum, { problems }) => sum + problems.length, 0);
  const all = size * worlds.length;
  return {
    passed: all - Math.min(failed, all),
    failed,
    figures: Object.assign({}, ...outcomes.map(({ figures }) => figures)),
  };
}

interface Outcome {
  readonly figures: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

async function runWorld(
  { name: world, carrier, hasBadModel }: World,
  size: number,
  seed: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const random = createRandom(seed);
  let modelFaults = 0;
  const script = (request: LlmRequest): Turn => {
    const fault = hasBadModel && random() < 0.3 ? modelFault(random()) : undefined;
    if (fault === undefined) return answerMarks(request);
    modelFaults++;
    return { ...answerMarks(request), fault };
  };
  await using flow = await GatewayFlow.open({ carrier, chats, seed, script });
  flow.platform.faults =
    carrier === "http"
      ? {}
      : {
          loseAnswer: 0.1,
          dropSend: 0.05,
          slowDown: 0.05,
          repeatUpdate: 0.2,
          reorder: 0.2,
          delay: { part: 0.1, ms: 50 },
        };
  flow.start();
  for (let written = 0; written < size; written += chats) {
    signal.throwIfAborted();
    flow.write(Math.min(chats, size - written));
    await Bun.sleep(random() * 100);
    if (carrier === "http" || random() > 0.1) continue;
    await flow.platform.goAway();
    await Bun.sleep(random() * 1500);
    flow.platform.comeBack();
  }
  const verdict = await flow.finish(120_000);
  const { accepted, answeredOnce, lost, duplicates, extraCopies, orderViolations } = verdict;
  const unknown = flow.platform.unknownSends;
  return {
    figures: {
      [`${world}: accepted`]: accepted,
      [`${world}: answered once`]: answeredOnce,
      [`${world}: lost`]: lost.length,
      [`${world}: sends of unknown outcome`]: unknown,
      [`${world}: extra copies`]: extraCopies,
      [`${world}: order violations`]: orderViolations.length,
      [`${world}: faults of the model`]: modelFaults,
    },
    problems: [
      ...(accepted === size ? [] : [`${size - accepted} were never accepted`]),
      ...lost.map((mark) => `lost: ${mark} ${flow.explain(mark)}`),
      ...duplicates.map((mark) => `answered twice: ${mark}`),
      ...(extraCopies <= (carrier === "platform" ? unknown : 0) ? [] : [`${extraCopies} extra copies`]),
      ...orderViolations,
      ...flow.bench.faults,
    ],
  };
}

function modelFault(which: number): Fault {
  const faults: readonly Fault[] = [
    { type: "status", status: 500 },
    { type: "status", status: 529 },
    { type: "status", status: 429, headers: { "retry-after": "0" } },
    { type: "error-event", code: "overloaded_error" },
    { type: "cut", afterBytes: 0 },
    { type: "cut", afterBytes: 300 },
    { type: "cut", afterBytes: 700 },
  ];
  return faults[Math.floor(which * faults.length)] ?? { type: "malformed" };
}
