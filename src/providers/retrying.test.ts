import { expect, test } from "bun:test";
import { collect, toRequest } from "../../test/contract/provider.ts";
import type { Clock } from "../clock.ts";
import type { ProviderError, ProviderEvent } from "./provider.ts";
import { createRetryingProvider } from "./retrying.ts";
import { createScriptedProvider, type ScriptedAnswer } from "./scripted/provider.ts";

const never = new AbortController().signal;
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };

test("a failure that may pass is tried again, a bit later each time", async () => {
  const { events, waits, calls } = await play([fail({}), fail({}), fail({}), { text: "Hello." }]);
  expect(events.filter((event) => event.type === "retry")).toMatchObject([
    { attempt: 1, waitMs: 500, reason: "trouble" },
    { attempt: 2, waitMs: 1000 },
    { attempt: 3, waitMs: 2000 },
  ]);
  expect(waits).toEqual([500, 1000, 2000]);
  expect(events.at(-1)?.type).toBe("stop");
  expect(calls).toBe(4);
});

test("the fourth failure in a row is the last", async () => {
  const { events, calls } = await play([
    fail({}),
    fail({}),
    fail({}),
    fail({ message: "still" }),
    { text: "x" },
  ]);
  expect(events.at(-1)).toMatchObject({ type: "error", error: { message: "still" } });
  expect(calls).toBe(4);
});

test("the waits are spread, and shorter than their longest", async () => {
  const { waits } = await play([fail({}), { text: "x" }], { random: 0 });
  expect(waits).toEqual([250]);
});

test("a busy server is given more time, and as much as it asks for", async () => {
  const busy = fail({ status: 529 });
  const asking = fail({ status: 429, retryAfterMs: 12_345 });
  const { waits } = await play([busy, asking, { text: "x" }]);
  expect(waits).toEqual([2000, 12_345]);
});

test("a server that asks for more than a minute is not waited for", async () => {
  const { events, waits, calls } = await play([fail({ status: 429, retryAfterMs: 61_000 }), { text: "x" }]);
  expect(waits).toEqual([]);
  expect(calls).toBe(1);
  expect(events).toMatchObject([{ type: "error", error: { retryAfterMs: 61_000 } }]);
});

test("all waits together stay within a minute", async () => {
  const slow = fail({ status: 429, retryAfterMs: 35_000 });
  const { waits, events } = await play([slow, slow, { text: "x" }]);
  expect(waits).toEqual([35_000]);
  expect(events.at(-1)?.type).toBe("error");
});

test.each(["auth", "quota", "too-long", "refused", "bad-request"] as const)(
  "%s is never tried again",
  async (kind) => {
    const { events, calls } = await play([fail({ class: kind }), { text: "x" }]);
    expect(events).toMatchObject([{ type: "error", error: { class: kind } }]);
    expect(calls).toBe(1);
  },
);

test("what was cut before a word was seen is tried again once", async () => {
  const cut: ScriptedAnswer = { ...fail({ wasCut: true }), thinking: "Hm." };
  expect((await play([cut, { text: "x" }])).events.at(-1)?.type).toBe("stop");
  const twice = await play([cut, cut, { text: "x" }]);
  expect(twice.events.at(-1)).toMatchObject({ type: "error", error: { wasCut: true } });
  expect(twice.calls).toBe(2);
});

test("what was cut after a word was seen stays cut", async () => {
  const { events, calls } = await play([{ ...fail({}), text: "Hel" }, { text: "Hello." }]);
  expect(events).toMatchObject([
    { type: "text-delta", text: "Hel" },
    { type: "error", error: { class: "retry", wasCut: true } },
  ]);
  expect(calls).toBe(1);
});

test("the tokens of all tries are counted", async () => {
  const { events } = await play([
    { ...fail({}), usage },
    { text: "x", usage },
  ]);
  expect(events.at(-1)).toMatchObject({
    usage: { inputTokens: 2, outputTokens: 4, cacheReadTokens: 6, cacheWriteTokens: 8 },
  });
});

test("an abort ends the wait", async () => {
  const controller = new AbortController();
  const provider = createRetryingProvider(createScriptedProvider([fail({}), { text: "x" }]), {
    clock: { ...fakeClock([]), sleep: (_, signal) => rejectWhenAborted(signal) },
    random: () => 0,
  });
  const types: string[] = [];
  for await (const event of provider.stream(toRequest("hi"), controller.signal)) {
    types.push(event.type);
    if (event.type === "retry") queueMicrotask(() => controller.abort());
  }
  expect(types).toEqual(["retry", "aborted"]);
});

function fail(error: Partial<ProviderError>): ScriptedAnswer {
  return { error: { class: "retry", message: "trouble", wasCut: false, ...error } };
}

async function play(
  answers: readonly ScriptedAnswer[],
  { random = 1 } = {},
): Promise<{ events: ProviderEvent[]; waits: number[]; calls: number }> {
  const waits: number[] = [];
  const scripted = createScriptedProvider(answers);
  const provider = createRetryingProvider(scripted, { clock: fakeClock(waits), random: () => random });
  const events = await collect(provider.stream(toRequest("hi"), never));
  return { events, waits, calls: scripted.requests.length };
}

/** Time passes only by sleeping, at once. */
function fakeClock(waits: number[]): Clock {
  let now = 0;
  return {
    now: () => now,
    monotonic: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
  };
}

function rejectWhenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
