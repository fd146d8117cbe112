import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { GatewayFlow, terminate, type Carrier } from "../fakes/gateway-flow.ts";
import { changingCalls, countCalls, injecting, sendingCalls, spread } from "../fakes/strace.ts";

export const name = "gateway-syscalls";

/** Points of each kind of call and each way, at most. */
export const sizes = { smoke: 1, ci: 2, full: 60 };

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
  readonly calls: readonly (typeof calls)[number][];
}

const ofTheDisk = ["pwrite64", "fsync", "fdatasync", "ftruncate"] as const;

const ways: readonly Way[] = [
  { name: "killed, http", carrier: "http", what: "signal=SIGKILL", isFirstStart: false, calls },
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
  const figures: Record<string, number> = {};
  let passed = 0;
  let failed = 0;
  for (const way of ways) {
    const { carrier, isFirstStart, what } = way;
    await using flow = await GatewayFlow.open({ carrier, chats: 1, seed, hasGroups: false });
    const counts = await countCalls(flow.bench.root, (under) => start(flow, under), way.calls);
    await flow.finish(20_000);
    await flow.forget();
    await flow.halt();
    let points = 0;
    let kills = 0;
    let copies = 0;
    for (const call of way.calls) {
      const count = counts.get(call) ?? 0;
      for (const point of count === 0 ? [] : spread(Math.ceil(count * margin), size)) {
        signal.throwIfAborted();
        if (isFirstStart) await flow.clear();
        // From there on every one fails, as on a disk that is full; a broken sector fails once.
        const when = what === "error=ENOSPC" ? `${point}+` : String(point);
        const { code } = await start(flow, injecting(call, what, when)).ended;
        if (code !== 0) kills++;
        const verdict = await flow.finish(20_000);
        const problems = [
          ...(verdict.accepted === flow.written ? [] : ["not all were accepted"]),
          ...verdict.lost.map((mark) => `lost: ${mark} ${flow.explain(mark)}`),
          ...verdict.duplicates.map((mark) => `answered twice: ${mark}`),
          ...verdict.orderViolations,
          ...(verdict.extraCopies <= (carrier === "platform" ? messages : 0) ? [] : ["extra copies"]),
          ...flow.bench.faults,
        ];
        copies += verdict.extraCopies;
        points++;
        for (const problem of problems) progress(`FAILED ${way.name}, ${call} ${point}: ${problem}`);
        if (problems.length === 0) passed++;
        else failed++;
        await flow.forget();
        await flow.halt();
      }
    }
    figures[`${way.name}: points`] = points;
    figures[`${way.name}: ended by it`] = kills;
    figures[`${way.name}: extra copies`] = copies;
    progress(`${way.name}: ${points} points, ${kills} ended the program`);
  }
  return { passed, failed, figures };

  /** Five messages; then it is told to end, if it has not. */
  function start(flow: GatewayFlow, under: readonly string[]) {
    const running = flow.start(under);
    flow.write(messages);
    void flow
      .waitForAnswers(flow.written, running, AbortSignal.timeout(patienceMs))
      .then(() => terminate(running, true));
    return running;
  }
}
