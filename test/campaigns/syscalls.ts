import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { CommandBench } from "../fakes/command-bench.ts";
import { commandFlows, type CommandFlow } from "../fakes/command-flows.ts";
import { CrashFlow } from "../fakes/crash-flow.ts";
import { createRandom, quantile } from "../fakes/random.ts";
import { changingCalls, countCalls, injecting, spread } from "../fakes/strace.ts";

export const name = "syscalls";

/** Points of each kind of call at the first start, at most; but for `smoke` the later turn is killed at every point. */
export const sizes = { smoke: 1, ci: 10, full: 1000 };

export const isAlone = true;

/** Of each kind of call of a command: all of them, or one that the seed chooses. */
function choosePoints(count: number, size: number, random: () => number): readonly number[] {
  const most = Math.ceil(count * margin);
  return size < sizes.full ? [1 + Math.floor(random() * most)] : spread(most, most);
}

/** Numbers of calls differ a little from run to run: what a turn before has made need not be made again. */
const margin = 1.15;

/** So many of the points that were counted must be met again, or the campaign kills nothing and proves nothing. */
const leastReached = 0.75;

/**
 * The program is killed at each system call by which it changes the disk: at the first start on a machine, in the middle of a
 * conversation, and in commands that change what is kept. The next run must go on as if nothing had been.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { seed, progress }: CampaignTools,
): Promise<CampaignResult> {
  const recoveries: number[] = [];
  const figures: Record<string, number> = {};
  let passed = 0;
  let failed = 0;
  let expected = 0;
  let reached = 0;
  for (const isFirstStart of [true, false]) {
    await using flow = await CrashFlow.open(isFirstStart ? "anthropic" : "openai");
    const where = isFirstStart ? "first start" : "later turn";
    if (!isFirstStart) await flow.start("before", "s").ended;
    const counts = await countCalls(flow.bench.root, (under) => flow.start("counted", "s", { under }));
    const most = isFirstStart || size === sizes.smoke ? size : Number.POSITIVE_INFINITY;
    let turn = 0;
    for (const call of changingCalls) {
      const count = counts.get(call) ?? 0;
      const points = count === 0 ? [] : spread(Math.ceil(count * margin), most);
      for (const point of points) {
        signal.throwIfAborted();
        if (isFirstStart) await flow.clear();
        const id = `t${turn++}`;
        const session = `s${Math.floor(turn / 20)}`;
        const under = injecting(call, "signal=SIGKILL", String(point));
        const { code } = await flow.start(id, session, { under }).ended;
        if (code !== 0) figures[`kills: ${where}`] = (figures[`kills: ${where}`] ?? 0) + 1;
        const { problems, recoveryMs } = await flow.recover(id, session);
        if (point <= count) expected++;
        if (code !== 0 && point <= count) reached++;
        recoveries.push(recoveryMs);
        for (const problem of problems) progress(`FAILED ${where}, ${call} ${point}: ${problem}`);
        if (problems.length === 0) passed++;
        else failed++;
      }
      if (points.length > 0)
        progress(`${where}: ${points.length} points of ${call}, which is called ${count} times`);
    }
  }
  const random = createRandom(seed);
  for (const flow of commandFlows) {
    const choose = (count: number): readonly number[] => choosePoints(count, size, random);
    const { kills, ...counts } = await killCommand(flow, choose, signal, progress);
    figures[`kills: ${flow.name}`] = kills;
    passed += counts.passed;
    failed += counts.failed;
    expected += counts.expected;
    reached += counts.reached;
  }
  if (reached < expected * leastReached) {
    progress(`FAILED only ${reached} of ${expected} counted calls were met`);
    failed++;
  }
  return {
    passed,
    failed,
    figures: {
      ...figures,
      "recovery p50 ms": Math.round(quantile(recoveries, 0.5)),
      "recovery p99 ms": Math.round(quantile(recoveries, 0.99)),
    },
  };
}

interface CommandCounts {
  readonly passed: number;
  readonly failed: number;
  readonly kills: number;
  readonly expected: number;
  readonly reached: number;
}

/** At points of each kind of call, each time on the same machine. */
async function killCommand(
  flow: CommandFlow,
  choose: (count: number) => readonly number[],
  signal: AbortSignal,
  progress: CampaignTools["progress"],
): Promise<CommandCounts> {
  await using bench = await CommandBench.open();
  await flow.prepare(bench);
  await bench.keep();
  const calls = await countCalls(bench.root, (under) => flow.start(bench, under));
  let [passed, failed, kills, expected, reached] = [0, 0, 0, 0, 0];
  for (const call of changingCalls) {
    const count = calls.get(call) ?? 0;
    for (const point of count === 0 ? [] : choose(count)) {
      signal.throwIfAborted();
      await bench.putBack();
      const { code } = await flow.start(bench, injecting(call, "signal=SIGKILL", String(point))).ended;
      if (code !== 0) kills++;
      if (point <= count) expected++;
      if (code !== 0 && point <= count) reached++;
      await bench.age();
      const problems = [...(await flow.check(bench)), ...(await bench.check())];
      for (const problem of problems) progress(`FAILED ${flow.name}, ${call} ${point}: ${problem}`);
      if (problems.length === 0) passed++;
      else failed++;
    }
  }
  await bench.putBack();
  progress(`${flow.name}: ${passed + failed} points, ${kills} ended it`);
  return { passed, failed, kills, expected, reached };
}
