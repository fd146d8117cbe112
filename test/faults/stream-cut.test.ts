import { describe, expect, test } from "bun:test";
import { systemClock, type Clock } from "../../src/clock.ts";
import { createProvider as createAnthropicProvider } from "../../src/providers/anthropic/provider.ts";
import { createProvider as createOpenAiProvider } from "../../src/providers/openai/provider.ts";
import type {
  AssistantMessage,
  Provider,
  ProviderEvent,
  ProviderRequest,
} from "../../src/providers/provider.ts";
import { createRetryingProvider } from "../../src/providers/retrying.ts";
import { collect, isLast, toRequest } from "../contract/provider.ts";
import { startLlmServer, toFrames, type LlmRequest, type LlmServer } from "../fakes/llm-server.ts";
import type { Turn } from "../fakes/llm-turn.ts";
import { rounds } from "../fakes/rounds.ts";

const turn: Turn = {
  thinking: "Zürich? 🤔",
  text: "I look. 🌦",
  calls: [
    { id: "call_a", name: "shell", arguments: { command: 'echo "⛅ é"' } },
    { id: "call_b", name: "shell", arguments: {} },
  ],
  deltaSize: 6,
};

const wires = [
  { wire: "anthropic", create: toAnthropic },
  { wire: "openai", create: toOpenAi },
] as const;

const never = new AbortController().signal;

/** How many streams are under way at once. */
const width = 16;

describe.each(wires)("a stream of $wire", ({ wire, create }) => {
  const length = new TextEncoder().encode(framesOf(wire)).length;

  test.each([true, false])(
    "cut after every byte never yields part of a call (cleanly: %p)",
    async (cleanly) => {
      await using server = startLlmServer((request) => {
        const afterBytes = numberOf(request);
        return afterBytes === undefined ? turn : { ...turn, fault: { type: "cut", afterBytes, cleanly } };
      });
      const provider = create(server);
      const whole = await wholeAnswer(provider);
      let cuts = 0;
      await forEachWide(length, async (afterBytes) => {
        const events = await collect(provider.stream(numbered(afterBytes), never));
        const last = expectOneLast(events);
        if (last.type === "stop") {
          expect(last.message).toEqual(whole);
          return;
        }
        cuts++;
        expect(last).toMatchObject({ type: "error", error: { class: "retry" } });
        const hasSpoken = events.some((event) => event.type === "text-delta");
        if (last.type === "error" && hasSpoken) expect(last.error.wasCut).toBe(true);
      });
      expect(cuts).toBeGreaterThan(length / 2);
    },
  );

  test("cut after any byte is tried again once, and only before a word was seen", async () => {
    const tries = new Map<number, number>();
    await using server = startLlmServer((request) => {
      const afterBytes = numberOf(request);
      if (afterBytes === undefined) return turn;
      const before = tries.get(afterBytes) ?? 0;
      tries.set(afterBytes, before + 1);
      return before > 0 ? turn : { ...turn, fault: { type: "cut", afterBytes } };
    });
    const provider = createRetryingProvider(create(server), { clock: impatient, random: () => 0 });
    const whole = await wholeAnswer(provider);
    const step = rounds(3, 1);
    await forEachWide(Math.ceil(length / step), async (place) => {
      const afterBytes = place * step;
      const events = await collect(provider.stream(numbered(afterBytes), never));
      const last = expectOneLast(events);
      const retriedAt = events.findIndex((event) => event.type === "retry");
      const spokeAt = events.findIndex((event) => event.type === "text-delta");
      if (retriedAt >= 0) expect(spokeAt).toBeGreaterThan(retriedAt);
      expect(tries.get(afterBytes)).toBe(retriedAt >= 0 ? 2 : 1);
      if (last.type === "stop") {
        expect(last.message).toEqual(whole);
      } else {
        expect(retriedAt).toBe(-1);
        expect(last).toMatchObject({ type: "error", error: { wasCut: true } });
      }
    });
  });

  test("in pieces of every size gives the same events", async () => {
    await using server = startLlmServer((request) => {
      const chunkBytes = numberOf(request);
      return chunkBytes === undefined ? turn : { ...turn, chunkBytes };
    });
    const provider = create(server);
    const whole = await collect(provider.stream(toRequest("hi"), never));
    for (let chunkBytes = 1; chunkBytes <= 40; chunkBytes++) {
      const events = await collect(provider.stream(numbered(chunkBytes), never));
      expect(events.map(withoutNumbers)).toEqual(whole.map(withoutNumbers));
    }
  });

  test("aborted at every event ends with that and nothing else", async () => {
    await using server = startLlmServer(() => ({ ...turn, chunkBytes: 16 }));
    const provider = create(server);
    const total = (await collect(provider.stream(toRequest("hi"), never))).length;
    for (let abortAt = 1; abortAt < total; abortAt++) {
      const controller = new AbortController();
      const events: ProviderEvent[] = [];
      for await (const event of provider.stream(toRequest("hi"), controller.signal)) {
        events.push(event);
        if (events.length === abortAt) controller.abort();
      }
      expect(expectOneLast(events).type).toBe("aborted");
      expect(events).toHaveLength(abortAt + 1);
    }
  });
});

function framesOf(wire: LlmRequest["wire"]): string {
  return toFrames({ wire, body: { model: "fake-model" } }, turn, 1).join("");
}

/** A request whose model says what the server shall do. */
function numbered(n: number): ProviderRequest {
  return { ...toRequest("hi"), model: `fake-${n}` };
}

function numberOf(request: LlmRequest): number | undefined {
  const digits = /^fake-(\d+)$/.exec(String(request.body["model"]))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function wholeAnswer(provider: Provider): Promise<AssistantMessage> {
  const last = expectOneLast(await collect(provider.stream(toRequest("hi"), never)));
  if (last.type !== "stop") throw new Error(`It ended with ${last.type}.`);
  return last.message;
}

function expectOneLast(
  events: readonly ProviderEvent[],
): ProviderEvent & { type: "stop" | "error" | "aborted" } {
  expect(events.filter(isLast)).toHaveLength(1);
  const last = events.map(withoutNumbers).at(-1);
  if (last === undefined || (last.type !== "stop" && last.type !== "error" && last.type !== "aborted")) {
    throw new Error("It has no last event.");
  }
  return last;
}

/** The fake signs with the number of the request. */
function withoutNumbers(event: ProviderEvent): ProviderEvent {
  if (event.type !== "stop") return event;
  const content = event.message.content.map((part) =>
    part.type === "thinking" ? { type: part.type, text: part.text } : part,
  );
  return { ...event, message: { ...event.message, content } };
}

/** Runs `work` for 0 to `count` - 1. */
async function forEachWide(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

const impatient: Clock = { ...systemClock, sleep: async () => {} };

function toAnthropic(server: LlmServer): Provider {
  return createAnthropicProvider({ name: "anthropic", label: "Anthropic", apiBase: server.url });
}

function toOpenAi(server: LlmServer): Provider {
  return createOpenAiProvider({ name: "openai", label: "OpenAI", apiBase: server.openAiBase });
}
