import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayFlow, terminate, type Carrier } from "../fakes/gateway-flow.ts";
import type { RunningProgram } from "../fakes/program-bench.ts";
import { createRandom } from "../fakes/random.ts";
import { changingCalls, countCalls, injecting, sendingCalls, spread } from "../fakes/strace.ts";

export const name = "gateway-syscalls";

/** Points of each kind of call and each way, at most; the full size takes every one of a way that `isWhole`. */
export const sizes = { smoke: 1, ci: 2, full: 20 };

const whole = sizes.full;

const calls = [...changingCalls, ...sendingCalls];
const messages = 5;
/** A disk that fails may keep the program from answering: then it is ended, and the next one does. */
const patienceMs = 5000;
/** Numbers of calls differ a little from run to run. */
const margin = 1.15;

interface Way {
  readonly name: string;
  readonly carrier: Carrier;
  readonly what: string;
  /** On a machine that has never seen the program. */
  readonly isFirstStart: boolean;
  /** The full size ends it at every one of its calls. */
  readonly isWhole?: boolean;
  readonly calls: readonly (typeof calls)[number][];
}

const ofTheDisk = ["pwrite64", "fsync", "fdatasync", "ftruncate"] as const;

const ways: readonly Way[] = [
  {
    name: "killed, http",
    carrier: "http",
    what: "signal=SIGKILL",
    isFirstStart: false,
    isWhole: true,
    calls,
  },
  { name: "killed at first start, http", carrier: "http", what: "signal=SIGKILL", isFirstStart: true, calls },
  { name: "killed, platform", carrier: "platform", what: "signal=SIGKILL", isFirstStart: false, calls },
  {
    name: "killed, idempotent platform",
    carrier: "idempotent platform",
    what: "signal=SIGKILL",
    isFirstStart: false,
    calls,
  },
  { name: "no room, http", carrier: "http", what: "error=ENOSPC", isFirstStart: false, calls: ["pwrite64"] },
  { name: "disk fails, http", carrier: "http", what: "error=EIO", isFirstStart: false, calls: ofTheDisk },
];

/**
 * A flow of five messages, ended or failed by the disk at each system call by which the program changes the disk or says
 * something. Whatever was acknowledged must be answered exactly once by the next start.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  // Beside each other: a program that was killed is mostly waited for.
  const outcomes = await Promise.all(
    ways.map(async (way, at) => {
      const outcome = await runWay(way, { size, seed, random: createRandom(seed + at) }, signal);
      for (const problem of outcome.problems) progress(`FAILED ${way.name}, ${problem}`);
      progress(`${way.name}: ${outcome.points} points, ${outcome.kills} ended the program`);
      return { ...outcome, name: way.name };
    }),
  );
  const failed = outcomes.reduce((sum, { problems }) => sum + problems.length, 0);
  const points = outcomes.reduce((sum, each) => sum + each.points, 0);
  const figures = outcomes.flatMap((each) => [
    [`${each.name}: points`, each.points],
    [`${each.name}: ended by it`, each.kills],
    [`${each.name}: extra copies`, each.copies],
  ]);
  return { passed: points - failed, failed, figures: Object.fromEntries(figures) };
}

interface Outcome {
  readonly points: number;
  readonly kills: number;
  readonly copies: number;
  /** One for each point at which something was wrong. */
  readonly problems: readonly string[];
}

interface Choice {
  readonly size: number;
  readonly seed: number;
  readonly random: () => number;
}

async function runWay(way: Way, { size, seed, random }: Choice, signal: AbortSignal): Promise<Outcome> {
  const { carrier, isFirstStart, isWhole = false, what } = way;
  await using flow = await GatewayFlow.open({ carrier, chats: 1, seed, hasGroups: false });
  // What only a first start does is another way's.
  if (!isFirstStart) await settle(flow);
  const counts = await countCalls(flow.bench.root, (under) => start(flow, under), way.calls);
  await settle(flow);
  let points = 0;
  let kills = 0;
  let copies = 0;
  const problems: string[] = [];
  for (const call of way.calls) {
    const count = counts.get(call) ?? 0;
    const most = isWhole && size >= whole ? Number.MAX_SAFE_INTEGER : size;
    for (const point of count === 0 ? [] : spread(Math.ceil(count * margin), most, random())) {
      signal.throwIfAborted();
      if (isFirstStart) await flow.clear();
      // From there on every one fails, as on a disk that is full; a broken sector fails once.
      const when = what === "error=ENOSPC" ? `${point}+` : String(point);
      const { code } = await start(flow, injecting(call, what, when)).ended;
      if (code !== 0) kills++;
      const verdict = await flow.finish(20_000);
      const wrong = [
        ...(verdict.accepted === flow.written ? [] : ["not all were accepted"]),
        ...verdict.lost.map((mark) => `lost: ${mark} ${flow.explain(mark)}`),
        ...verdict.duplicates.map((mark) => `answered twice: ${mark}`),
        ...verdict.orderViolations,
        ...(verdict.extraCopies <= (carrier === "platform" ? messages : 0) ? [] : ["extra copies"]),
        ...flow.bench.faults,
      ];
      copies += verdict.extraCopies;
      points++;
      if (wrong.length > 0) problems.push(`${call} ${point}: ${wrong.join("; ")}`);
      await flow.forget();
      await flow.halt();
    }
  }
  return { points, kills, copies, problems };
}

/** All that was said is answered, and counting begins anew. */
async function settle(flow: GatewayFlow): Promise<void> {
  await flow.finish(20_000);
  await flow.forget();
  await flow.halt();
}

/** Five messages; then it is told to end, if it has not. */
function start(flow: GatewayFlow, under: readonly string[]): RunningProgram {
  const running = flow.start(under);
  flow.write(messages);
  void flow
    .waitForAnswers(flow.written, running, AbortSignal.timeout(patienceMs))
    .then(() => terminate(running, true));
  return running;
}
