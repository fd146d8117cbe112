import { expect, test } from "bun:test";
import { ChatBench } from "../../test/fakes/chat-bench.ts";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { EventLog } from "../../test/fakes/loop.ts";
import { MemoryPlatform } from "../../test/fakes/memory-platform.ts";
import { createChoice } from "../../test/fakes/random.ts";
import { rounds } from "../../test/fakes/rounds.ts";
import { VirtualClock } from "../../test/fakes/virtual-clock.ts";
import { defaultLimits } from "../agent/limits.ts";
import { noUsage, type Message, type Provider, type ProviderRequest } from "../providers/provider.ts";
import { listEntries } from "../store/entries.ts";
import { getGroup } from "../store/groups.ts";
import { findCurrentSession } from "../store/sessions.ts";

const never = new AbortController().signal;
const summaryStart = "The conversation above is about to be shortened";

interface WindowOptions {
  readonly isCounting?: boolean;
  readonly choose?: (below: number) => number;
}

/** Counts as a server does, takes no more than its window, and now and then calls a tool. */
class WindowProvider implements Provider {
  readonly name = "window";
  readonly requests: ProviderRequest[] = [];
  readonly refused: ProviderRequest[] = [];
  readonly #window: number;
  readonly #isCounting: boolean;
  readonly #choose: (below: number) => number;

  constructor(window: number, { isCounting = true, choose }: WindowOptions = {}) {
    this.#window = window;
    this.#isCounting = isCounting;
    // Without a choice no tool is called.
    this.#choose = choose ?? ((below) => below - 1);
  }

  async *stream(request: ProviderRequest): ReturnType<Provider["stream"]> {
    const messages = [...request.messages];
    this.requests.push({ ...request, messages });
    const inputTokens = count(messages);
    if (inputTokens > this.#window) {
      this.refused.push({ ...request, messages });
      const error = { class: "too-long", message: "The prompt is too long.", wasCut: false } as const;
      yield { type: "error", usage: noUsage, error };
      return;
    }
    const usage = this.#isCounting ? { ...noUsage, inputTokens, outputTokens: 5 } : noUsage;
    const isSummary = wordsOf(messages.at(-1)).startsWith(summaryStart);
    if (!isSummary && request.toolChoice !== "none" && this.#choose(3) === 0) {
      const command = `head -c ${this.#choose(3000)} /dev/zero | tr '\\0' x`;
      const call = { type: "tool-call", id: `call${this.requests.length}`, name: "shell" } as const;
      const content = [{ ...call, arguments: JSON.stringify({ command }) }];
      yield { type: "stop", reason: "tool-calls", message: { role: "assistant", content }, usage };
      return;
    }
    const text = isSummary ? "All that was said." : `answer ${this.requests.length}`;
    const content = [{ type: "text", text } as const];
    yield { type: "stop", reason: "end", message: { role: "assistant", content }, usage };
  }
}

function count(messages: readonly Message[]): number {
  return Math.ceil(messages.reduce((sum, message) => sum + wordsOf(message).length, 0) / 3);
}

function wordsOf(message: Message | undefined): string {
  if (message === undefined) return "";
  if (message.role === "tool") return message.content;
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** What the wires refuse: another beginning than a user's words, a call without its result right behind it. */
function isWellFormed(messages: readonly Message[]): boolean {
  return messages.every((message, index) => {
    if (index === 0) return message.role === "user";
    if (message.role === "assistant") {
      const calls = message.content.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
      return calls.every((id, n) => {
        const result = messages[index + 1 + n];
        return result?.role === "tool" && result.callId === id;
      });
    }
    return message.role !== "tool" || messages[index - 1]?.role !== "user";
  });
}

test("a conversation that nears the window is summed up before its next turn, and goes on", async () => {
  await using bench = await openGatewayBench();
  const provider = new WindowProvider(100_000);
  const conversation = await bench.converse(provider, { shortenAt: 2_000 });
  const log = new EventLog();
  for (let n = 0; n < 12; n++) await conversation.send(`word${n} ${"y".repeat(900)}`, log.emit, never);
  const last = provider.requests.at(-1)?.messages ?? [];
  expect(wordsOf(last[0])).toContain("your own summary of it");
  expect(Math.max(...provider.requests.map(({ messages }) => count(messages)))).toBeLessThan(3_500);
  expect(log.of("notice").length).toBeGreaterThan(1);
  expect(log.of("turn-end").map(({ reason }) => reason)).toEqual(Array.from({ length: 12 }, () => "done"));
  const session = await findCurrentSession(
    bench.store.database,
    (await getGroup(bench.store.database, "main")).id,
  );
  const words = (await listEntries(bench.store.database, session?.id ?? fail())).map(({ message }) =>
    wordsOf(message),
  );
  // Nothing of it is gone: the model is shown less, the store holds all.
  for (let n = 0; n < 12; n++) expect(words.some((each) => each.startsWith(`word${n} `))).toBe(true);
});

test("where a provider counts nothing, the bytes do", async () => {
  await using bench = await openGatewayBench();
  const provider = new WindowProvider(100_000, { isCounting: false });
  const conversation = await bench.converse(provider, { shortenAt: 2_000 });
  for (let n = 0; n < 12; n++) await conversation.send("y".repeat(900), () => {}, never);
  expect(Math.max(...provider.requests.map(({ messages }) => count(messages)))).toBeLessThan(3_500);
});

test("without a limit nothing is summed up by itself", async () => {
  await using bench = await openGatewayBench();
  const provider = new WindowProvider(100_000);
  const conversation = await bench.converse(provider);
  for (let n = 0; n < 12; n++) await conversation.send("y".repeat(900), () => {}, never);
  expect(provider.requests.at(-1)?.messages).toHaveLength(23);
});

test("a summary that fails stops no turn", async () => {
  await using bench = await openGatewayBench();
  const inner = new WindowProvider(100_000);
  const provider: Provider = {
    name: "window",
    async *stream(request) {
      if (!wordsOf(request.messages.at(-1)).startsWith(summaryStart)) yield* inner.stream(request);
      else yield { type: "error", usage: noUsage, error: { class: "quota", message: "No.", wasCut: false } };
    },
  };
  const conversation = await bench.converse(provider, { shortenAt: 500 });
  for (let n = 0; n < 5; n++) {
    const end = await conversation.send("y".repeat(900), () => {}, never);
    expect(end.reason).toBe("done");
  }
});

test("whatever was said and called, each request is well formed and fits into the window", async () => {
  const window = 6_000;
  for (let seed = 1; seed <= rounds(3, 20); seed++) {
    const choose = createChoice(seed);
    await using bench = await openGatewayBench();
    const provider = new WindowProvider(window, { choose });
    const limits = { ...defaultLimits, contextTokens: window - 1_500 };
    const conversation = await bench.converse(provider, { shortenAt: window / 2, limits });
    for (let n = 0; n < 25; n++) await conversation.send("z".repeat(choose(2_500)), () => {}, never);
    expect(provider.requests.every(({ messages }) => isWellFormed(messages))).toBe(true);
    expect({ seed, refused: provider.refused.length }).toEqual({ seed, refused: 0 });
  }
});

test("in a chat a conversation that the model cannot take whole is summed up and answered; nobody sees of it", async () => {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const provider = new WindowProvider(2_000);
  await using bench = await ChatBench.open({ provider, platform, clock: new VirtualClock() });
  await bench.start();
  for (let n = 1; n <= 12; n++) {
    await platform.deliver({ text: "y".repeat(900) });
    await platform.waitForReplies(n);
  }
  expect(provider.refused.length).toBeGreaterThan(0);
  expect(platform.textsOf("c1").filter((text) => !text.startsWith("answer "))).toEqual([]);
});

test("a message that is too long alone is told so", async () => {
  const platform = new MemoryPlatform({ authenticatesSenders: true });
  const provider = new WindowProvider(2_000);
  await using bench = await ChatBench.open({ provider, platform, clock: new VirtualClock() });
  await bench.start();
  await platform.deliver({ text: "y".repeat(9_000) });
  await platform.waitForReplies(1);
  expect(await bench.messages()).toMatchObject([["failed", expect.any(String)]]);
});

function fail(): never {
  throw new Error("there is no session");
}
