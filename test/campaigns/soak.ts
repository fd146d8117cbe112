import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import { addGroups } from "../fakes/add-groups.ts";
import { GatewayProgram } from "../fakes/gateway-program.ts";
import { toFrames } from "../fakes/llm-server.ts";
import { toMark } from "../fakes/gateway-ledger.ts";

export const name = "soak";

/** Messages, by all chats together. */
export const sizes = { smoke: 200, ci: 1_500, full: 100_000 };

const lots = 1_000_000;

export const isAlone = true;

const chats = 20;
/** Small, so that the conversations are summed up again and again. */
const contextWindow = 8_000;
const samples = 10;

interface Sample {
  readonly memoryMb: number;
  readonly descriptors: number;
  readonly diskMb: number;
  /** A message and its answer, at this time. */
  readonly p50Ms: number;
}

/**
 * One gateway answers without a pause. From the first tenth to the last neither its memory nor its descriptors nor what a
 * message takes on the disk may grow, and the last messages are answered as fast as the first.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  // Not the bench's own: that one remembers every request.
  await using model = startModel();
  await using gateway = await GatewayProgram.open({
    config: {
      agents: { defaults: { model: "anthropic/soak", contextWindow, maxTokens: 1000 } },
      providers: { anthropic: { apiBase: model.url, apiKey: "soak" } },
      // Nobody may spend so much in a day.
      limits: {
        tokensPerDay: lots * lots,
        groupTokensPerDay: lots * lots,
        groupTurnsPerDay: lots,
        personMessagesPerDay: lots,
      },
    },
  });
  await addGroups(
    gateway.bench,
    Array.from({ length: chats }, (_, chat) => `c${chat}`),
  );
  await gateway.start({ longestMs: 60 * 60_000 });
  const taken: Sample[] = [];
  let wrong = 0;
  const each = Math.ceil(size / chats / samples);
  for (let tenth = 0; tenth < samples; tenth++) {
    signal.throwIfAborted();
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: chats }, async (_, chat) => {
        for (let n = 0; n < each; n++) {
          const place = { chat: `c${chat}`, group: `c${chat}` };
          const mark = toMark(chat, tenth * each + n);
          const began = performance.now();
          if ((await gateway.ask(mark, place)) !== `re: ${mark}`) wrong++;
          times.push(performance.now() - began);
        }
      }),
    );
    const sample = await measure(gateway, times);
    taken.push(sample);
    progress(`${tenth + 1} of ${samples}: ${JSON.stringify(sample)}`);
  }
  const problems = [...(wrong === 0 ? [] : [`${wrong} answers were wrong or late`]), ...judge(taken)];
  for (const problem of problems) progress(`FAILED: ${problem}`);
  return {
    passed: problems.length === 0 ? each * chats * samples : 0,
    failed: problems.length,
    figures: { messages: each * chats * samples, chats, ...toFigures(taken) },
  };
}

/** What the engine lets its heap grow to before it collects all of it: reached after some thousand messages, and kept. */
const settledMb = 190;

/** The first tenth is where everything is loaded and filled; what is looked at comes after. */
function judge(taken: readonly Sample[]): string[] {
  const [, second, ...rest] = taken;
  const last = rest.at(-1);
  const half = taken[samples / 2];
  if (second === undefined || last === undefined || half === undefined) return ["it was not measured"];
  const early = half.diskMb - second.diskMb;
  const late = last.diskMb - half.diskMb;
  const steps = { early: samples / 2 - 1, late: samples / 2 - 1 };
  return [
    // The collector decides when; what leaks grows by more than this in a campaign of any length.
    ...(last.memoryMb > Math.max(second.memoryMb * 1.3 + 15, settledMb)
      ? [`memory grew from ${second.memoryMb} to ${last.memoryMb} MB`]
      : []),
    ...(last.descriptors > second.descriptors + 3
      ? [`descriptors grew from ${second.descriptors} to ${last.descriptors}`]
      : []),
    ...(late / steps.late > (early / steps.early) * 1.25 + 1
      ? [`a message took more of the disk: ${early} MB and then ${late} MB for as many`]
      : []),
    ...(last.p50Ms > second.p50Ms * 2 + 20
      ? [`an answer took longer: ${second.p50Ms} and then ${last.p50Ms} ms`]
      : []),
  ];
}

async function measure(gateway: GatewayProgram, times: readonly number[]): Promise<Sample> {
  const { pid } = gateway.running;
  const status = await Bun.file(`/proc/${pid}/status`).text();
  const files = (await readdir(gateway.bench.state)).filter((each) => each.startsWith("nanoclaw.db"));
  const sizesOf = await Promise.all(files.map((each) => stat(join(gateway.bench.state, each))));
  const sorted = times.toSorted((left, right) => left - right);
  return {
    memoryMb: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000),
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    diskMb: Math.round(sizesOf.reduce((sum, each) => sum + each.size, 0) / 1e5) / 10,
    p50Ms: Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10,
  };
}

function toFigures(taken: readonly Sample[]): Readonly<Record<string, string>> {
  const row = (key: keyof Sample): string => taken.map((each) => each[key]).join(" ");
  return {
    "memory MB, by tenths": row("memoryMb"),
    "descriptors, by tenths": row("descriptors"),
    "database MB, by tenths": row("diskMb"),
    "answer p50 ms, by tenths": row("p50Ms"),
  };
}

/** Answers with the last mark that it is shown, and counts what it read. */
function startModel() {
  let n = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const text = await request.text();
      const mark = text.match(/\bm\d+x\d+\b/g)?.at(-1) ?? "";
      const body: Record<string, unknown> = JSON.parse(text);
      const usage = { input: Math.ceil(text.length / 4), output: 5 };
      const frames = toFrames({ wire: "anthropic", body }, { text: `re: ${mark}`, usage }, ++n);
      return new Response(frames.join(""), { headers: { "content-type": "text/event-stream" } });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: async () => await server.stop(true),
  };
}
