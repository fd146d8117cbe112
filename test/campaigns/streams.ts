import type { CampaignResult, CampaignTools } from "../../scripts/campaign.ts";
import type { AgentEvent } from "../../src/agent/events.ts";
import { systemClock, type Clock } from "../../src/clock.ts";
import type { GroupConversation } from "../../src/turns/group-conversation.ts";
import { createProvider as createAnthropicProvider } from "../../src/providers/anthropic/provider.ts";
import { createProvider as createOpenAiProvider } from "../../src/providers/openai/provider.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { createRetryingProvider } from "../../src/providers/retrying.ts";
import { openGatewayBench, type GatewayBench } from "../fakes/gateway.ts";
import { startLlmServer, toFrames, type LlmRequest, type LlmServer } from "../fakes/llm-server.ts";
import { createStrictScript, newResults } from "../fakes/llm-transcript.ts";
import type { Turn } from "../fakes/llm-turn.ts";
import { shell, wires, type Wire } from "../fakes/program-bench.ts";
import { spread } from "../fakes/strace.ts";

export const name = "streams";

/** Places at which each stream is cut, at most: a whole one has some 3500 bytes. */
export const sizes = { smoke: 10, ci: 120, full: 100_000 };

/** An answer that calls tools, with words that a person sees before, or without. */
const shapes = ["words and calls", "calls alone"] as const;

interface Cut {
  readonly shape: (typeof shapes)[number];
  readonly afterBytes: number;
  /** How often the stream is cut before it comes whole. */
  readonly times: number;
  readonly cleanly: boolean;
}

/** Time passes at once between two tries. */
const impatient: Clock = { ...systemClock, sleep: async () => {} };

/**
 * An answer with words and two calls is cut after every byte, once or again and again, and goes through the whole loop, the tools and
 * the store. No part of a call may run, no call twice, the person is told, and the next turn's transcript is well formed.
 */
export async function run(
  size: number,
  signal: AbortSignal,
  { progress }: CampaignTools,
): Promise<CampaignResult> {
  const figures: Record<string, number> = {};
  let passed = 0;
  let failed = 0;
  for (const wire of wires) {
    await using court = await openCourt(wire);
    for (const shape of shapes) {
      const frames = toFrames({ wire, body: { model: "cut" } }, toAnswer("cut", shape), 1).join("");
      const { length } = new TextEncoder().encode(frames);
      for (const point of spread(length, size)) {
        signal.throwIfAborted();
        const times = 1 + (point % 2) * 3;
        const cut: Cut = { shape, afterBytes: point - 1, times, cleanly: point % 3 === 0 };
        const { problems, end } = await judge(`${shape[0]}${point}`, cut, court);
        const figure = `${wire}, ${shape}: ${end}`;
        figures[figure] = (figures[figure] ?? 0) + 1;
        for (const problem of problems) progress(`FAILED ${wire} ${JSON.stringify(cut)}: ${problem}`);
        if (problems.length === 0) passed++;
        else failed++;
      }
      progress(`${wire}, ${shape}: ${Math.min(size, length)} of ${length} bytes`);
    }
  }
  return { passed, failed, figures };
}

/** One store and one strict server for all cuts of a wire. */
interface Court extends AsyncDisposable {
  readonly bench: GatewayBench;
  readonly provider: Provider;
  readonly faults: readonly string[];
  readonly cuts: Map<string, Cut>;
}

async function openCourt(wire: Wire): Promise<Court> {
  const cuts = new Map<string, Cut>();
  const tries = new Map<string, number>();
  const { script, faults } = createStrictScript((request) => {
    const id = idOf(request);
    if (newResults(request).length > 0 || id.startsWith("next-")) return { text: `Done ${id}.` };
    const cut = cuts.get(id);
    const before = tries.get(id) ?? 0;
    tries.set(id, before + 1);
    const answer = toAnswer(id, cut?.shape ?? "calls alone");
    if (cut === undefined || before >= cut.times) return answer;
    return { ...answer, fault: { type: "cut", afterBytes: cut.afterBytes, cleanly: cut.cleanly } };
  });
  const scope = new AsyncDisposableStack();
  const server = scope.use(startLlmServer(script));
  const bench = scope.use(await openGatewayBench());
  const provider = createRetryingProvider(toProvider(wire, server), { clock: impatient, random: () => 0 });
  return { bench, provider, faults, cuts, [Symbol.asyncDispose]: () => scope.disposeAsync() };
}

async function judge(
  id: string,
  cut: Cut,
  { bench, provider, faults, cuts }: Court,
): Promise<{ readonly problems: string[]; readonly end: string }> {
  cuts.set(id, cut);
  const faultsBefore = faults.length;
  const events: AgentEvent[] = [];
  const emit = (event: AgentEvent): void => void events.push(event);
  const end = await (
    await converse(bench, provider, id, id)
  ).send("do it", emit, new AbortController().signal);
  const next = await (
    await converse(bench, provider, id, `next-${id}`)
  ).send("and now?", () => {}, new AbortController().signal);
  const ran = await effectsOf(bench, id);
  const told = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : [])).join("");
  const problems = [
    ...faults.slice(faultsBefore),
    ...(next.reason === "done" ? [] : [`the next turn ended with ${next.reason}: ${next.error?.message}`]),
    ...(end.reason === "done" ? toMissing(ran, ["one", "two"]) : toMissing(ran, [])),
    ...(end.reason === "done" || end.error !== undefined ? [] : ["it failed without a word"]),
    ...(told.includes("I look") && told.lastIndexOf("I look") !== told.indexOf("I look")
      ? ["a person saw two answers"]
      : []),
    ...(events.at(-1)?.type === "turn-end" ? [] : ["the last event is no turn-end"]),
  ];
  return { problems, end: end.reason === "done" ? "answered" : "told" };
}

function converse(
  bench: GatewayBench,
  provider: Provider,
  sessionName: string,
  model: string,
): Promise<GroupConversation> {
  const inUse = { provider, label: "Test", model, maxTokens: 1000 };
  return bench.converse(provider, { sessionName, model: inUse });
}

/** Thinking and two calls, each of which leaves its trace. */
function toAnswer(id: string, shape: Cut["shape"]): Turn {
  return {
    thinking: "Zürich? 🤔",
    ...(shape === "calls alone" ? {} : { text: "I look. 🌦" }),
    calls: [shell(`echo one >> ${id}; echo ⛅`), shell(`echo two >> ${id}`)],
    deltaSize: 9,
  };
}

function idOf(request: LlmRequest): string {
  return String(request.body["model"]);
}

async function effectsOf(bench: GatewayBench, id: string): Promise<string[]> {
  const file = Bun.file(`${bench.workspace}/${id}`);
  return (await file.exists()) ? (await file.text()).trim().split("\n").toSorted() : [];
}

function toMissing(ran: readonly string[], expected: readonly string[]): string[] {
  const isSame = JSON.stringify(ran) === JSON.stringify(expected);
  return isSame ? [] : [`${JSON.stringify(ran)} ran instead of ${JSON.stringify(expected)}`];
}

function toProvider(wire: Wire, server: LlmServer): Provider {
  return wire === "anthropic"
    ? createAnthropicProvider({ name: wire, label: "Anthropic", apiBase: server.url })
    : createOpenAiProvider({ name: wire, label: "OpenAI", apiBase: server.openAiBase });
}
