import { afterAll, beforeAll, expect, test } from "bun:test";
import { openGatewayBench } from "../../test/fakes/gateway.ts";
import { createAnsweringProvider, saying } from "../../test/fakes/loop.ts";
import { startLlmServer, type LlmServer } from "../../test/fakes/llm-server.ts";
import { createStrictScript } from "../../test/fakes/llm-transcript.ts";
import { createChoice } from "../../test/fakes/random.ts";
import { GroupMemory } from "../memory/group-memory.ts";
import { createProvider as createAnthropic } from "../providers/anthropic/provider.ts";
import { createProvider as createOpenAi } from "../providers/openai/provider.ts";
import { noUsage, type Message, type Provider, type ProviderRequest } from "../providers/provider.ts";
import { Secret } from "../secret.ts";
import { appendEntries, type NewEntry } from "../store/entries.ts";
import { getGroup } from "../store/groups.ts";
import { takeLease } from "../store/leases.ts";
import { ensureCurrentSession } from "../store/sessions.ts";
import { beginTurn, finishTurn, replaceTurn } from "../store/turns.ts";

const never = new AbortController().signal;
const windowTokens = 6_000;

const strict = createStrictScript(() => ({ text: "ok" }));
let server: LlmServer;
let wires: readonly Provider[];
beforeAll(() => {
  server = startLlmServer(strict.script);
  const key = new Secret("k");
  wires = [
    createAnthropic({ name: "anthropic", label: "Anthropic", apiBase: server.url, apiKey: key }),
    createOpenAi({ name: "openai", label: "OpenAI", apiBase: server.openAiBase, apiKey: key }),
  ];
});
afterAll(() => server[Symbol.asyncDispose]());

type Choose = (below: number) => number;

/** What a turn may leave behind: words, pictures of nothing, calls whose results are missing, doubled or in another order. */
function toTurn(choose: Choose, n: number): NewEntry[] {
  const text = (words: string): { readonly type: "text"; readonly text: string } => ({
    type: "text",
    text: words,
  });
  const entries: NewEntry[] = [
    {
      kind: "user",
      message: { role: "user", content: [text(`question ${n} ${"é".repeat(choose(600))}`)] },
      taint: choose(2),
    },
  ];
  for (let step = choose(4); step > 0; step--) {
    const ids = Array.from({ length: 1 + choose(3) }, (_, index) => `c${n}_${step}_${index}`);
    const calls = ids.map(
      (id) => ({ type: "tool-call", id, name: "shell", arguments: '{"command":"true"}' }) as const,
    );
    const content = choose(2) === 0 ? calls : [text("I look."), ...calls];
    entries.push({ kind: "assistant", message: { role: "assistant", content }, taint: 0 });
    for (const id of choose(2) === 0 ? ids : ids.toReversed()) {
      const message = {
        role: "tool",
        callId: id,
        name: "shell",
        content: "x".repeat(choose(1_300)),
        isError: choose(5) === 0,
      } as const;
      const times = [0, 1, 1, 1, 2][choose(5)] ?? 1;
      for (let copy = 0; copy < times; copy++) entries.push({ kind: "tool", message, taint: 0 });
    }
    if (choose(6) === 0) {
      entries.push({
        kind: "notice",
        message: { role: "user", content: [text("What came of #1.")] },
        taint: 0,
      });
    }
  }
  if (choose(4) > 0) {
    const said = choose(5) === 0 ? "" : `answer ${n}`;
    entries.push({ kind: "assistant", message: { role: "assistant", content: [text(said)] }, taint: 0 });
  }
  return entries;
}

/** Answers everything, and refuses what its window does not hold. */
class Window implements Provider {
  readonly name = "window";
  last: ProviderRequest | undefined;
  refused = 0;

  async *stream(request: ProviderRequest): ReturnType<Provider["stream"]> {
    const tokens = count(request.messages);
    if (tokens > windowTokens) {
      this.refused++;
      const error = { class: "too-long", message: "too long", wasCut: false } as const;
      yield { type: "error", usage: noUsage, error };
      return;
    }
    this.last = { ...request, messages: [...request.messages] };
    const content = [{ type: "text", text: `said ${tokens}` } as const];
    yield {
      type: "stop",
      reason: "end",
      message: { role: "assistant", content },
      usage: { ...noUsage, inputTokens: tokens, outputTokens: 3 },
    };
  }
}

function count(messages: readonly Message[]): number {
  const length = (message: Message): number =>
    message.role === "tool"
      ? message.content.length
      : message.content.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 30), 0);
  return Math.ceil(messages.reduce((sum, message) => sum + length(message), 0) / 3);
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  "whatever was said (%p), summed up it is a request that both wires take, within the window, with all that holds always",
  async (seed) => {
    const choose = createChoice(seed);
    await using bench = await openGatewayBench();
    const { store } = bench;
    const main = await getGroup(store.database, "main");
    const memory = new GroupMemory(store, main, { now: () => 0 });
    const wishes = Array.from({ length: choose(5) }, (_, n) => `Wish ${n}: never send mail before ${n}.`);
    for (const text of wishes) await memory.remember({ text, isAlways: true, turn: undefined, taint: 0 });
    const turns = 2 + choose(14);
    await store.database.transaction(async (tx) => {
      const session = await ensureCurrentSession(tx, main.id, 0);
      const holder = { pid: process.pid, startedAt: "0", bootId: "b" } as never;
      const lease = await takeLease(tx, main.id, holder, { now: 0, isAlive: () => false });
      const epoch = lease.type === "held" ? 0 : lease.epoch;
      let before;
      for (let n = 0; n < turns; n++) {
        const place = { group: main.id, session: session.id, epoch, model: "m", taint: 0, now: n };
        const turn = await beginTurn(tx, place);
        await appendEntries(tx, toTurn(choose, n), { session: session.id, turn, now: n });
        await finishTurn(tx, turn, { state: "done", text: "", taint: 0, now: n });
        if (before !== undefined && choose(8) === 0) await replaceTurn(tx, before, turn);
        before = turn;
      }
      await tx.run("UPDATE leases SET pid = NULL");
    });
    const provider = new Window();
    const conversation = await bench.converse(provider, { shortenAt: windowTokens / 2 });
    const end = await conversation.send("and now?", () => {}, never);
    const again = end.reason === "done" ? end : await conversation.send("and now?", () => {}, never);
    expect(again.reason).toBe("done");
    const request = provider.last;
    if (request === undefined) throw new Error("nothing was asked");
    expect(count(request.messages)).toBeLessThanOrEqual(windowTokens);
    for (const wish of wishes) expect(request.system).toContain(wish);
    for (const wire of wires) {
      for await (const event of wire.stream({ ...request, model: "m" }, never)) {
        expect(event.type === "error" ? event.error.message : "").toBe("");
      }
    }
    expect(strict.faults).toEqual([]);
    const explicit = await conversation.past.compact("", never).catch((error: unknown) => error);
    if (explicit instanceof Error) expect(explicit.message).toContain("nothing to sum up");
    await conversation.send("still there?", () => {}, never);
    for (const wish of wishes) expect(provider.last?.system).toContain(wish);
  },
);

test("a wish that stood in the conversation alone may go with it; where it is not kept, it is not promised", async () => {
  await using bench = await openGatewayBench();
  const provider = createAnsweringProvider([
    saying("a"),
    saying("b"),
    saying("c"),
    saying("A summary without it."),
    saying("d"),
  ]);
  const conversation = await bench.converse(provider);
  for (const text of ["Never send mail before nine.", "two", "three"])
    await conversation.send(text, () => {}, never);
  await conversation.past.compact("", never);
  await conversation.send("four", () => {}, never);
  const last = provider.requests.at(-1);
  expect(JSON.stringify([last?.system, last?.messages])).not.toContain("before nine");
});
