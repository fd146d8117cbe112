import { describe, expect, test } from "bun:test";
import { createProvider as createAnthropicProvider } from "../../src/providers/anthropic/provider.ts";
import { createProvider as createOpenAiProvider } from "../../src/providers/openai/provider.ts";
import type { Provider, ProviderError, ProviderEvent } from "../../src/providers/provider.ts";
import { toTimeouts, type ProviderTarget } from "../../src/providers/target.ts";
import { Secret } from "../../src/secret.ts";
import { collect, isLast, toRequest } from "../contract/provider.ts";
import { startLlmServer, type LlmServer } from "../fakes/llm-server.ts";
import type { Fault, Turn } from "../fakes/llm-turn.ts";

const never = new AbortController().signal;
const key = "sk-ant-api03-verysecretverysecret";

type StatusFault = Omit<Extract<Fault, { type: "status" }>, "type">;

const wires = [
  { wire: "anthropic", create: createAnthropicProvider },
  { wire: "openai", create: createOpenAiProvider },
] as const;

describe.each(wires)("over the wire $wire", ({ wire, create }) => {
  test.each<[string, StatusFault, Partial<ProviderError>]>([
    [
      "429 with seconds",
      { status: 429, headers: { "retry-after": "7" } },
      { class: "retry", retryAfterMs: 7000 },
    ],
    [
      "429 with milliseconds",
      { status: 429, headers: { "retry-after-ms": "250" } },
      { class: "retry", retryAfterMs: 250 },
    ],
    [
      "429 with the time in its text",
      { status: 429, message: "Quota exceeded, billing. Please retry in 3.5s." },
      { class: "retry", retryAfterMs: 3500 },
    ],
    ["429 without a time", { status: 429 }, { class: "retry" }],
    [
      "429 for a spent quota",
      {
        status: 429,
        code: "insufficient_quota",
        message: "You exceeded your current quota, please check your plan and billing details.",
      },
      { class: "quota" },
    ],
    ["429 for a spending limit", { status: 429, code: "enforced_spend_limit_reached" }, { class: "quota" }],
    [
      "400 for an empty account",
      { status: 400, message: "Your credit balance is too low to access the API." },
      { class: "quota" },
    ],
    ["402", { status: 402 }, { class: "quota" }],
    ["401", { status: 401 }, { class: "auth" }],
    ["403", { status: 403 }, { class: "auth" }],
    [
      "400 for a bad key",
      { status: 400, message: "API key not valid. Please pass a valid API key." },
      { class: "auth" },
    ],
    ["404", { status: 404 }, { class: "bad-request" }],
    ["413", { status: 413 }, { class: "too-long" }],
    [
      "400 for a long prompt",
      { status: 400, message: "prompt is too long: 250000 tokens > 200000 maximum" },
      { class: "too-long" },
    ],
    [
      "400 for a full context",
      {
        status: 400,
        code: "context_length_exceeded",
        message: "This model's maximum context length is 8192 tokens.",
      },
      { class: "too-long" },
    ],
    [
      "400 from a content filter",
      { status: 400, code: "content_filter", message: "The response was filtered." },
      { class: "refused" },
    ],
    ["400", { status: 400, message: "messages: roles must alternate" }, { class: "bad-request" }],
    ["408", { status: 408 }, { class: "retry" }],
    ["409", { status: 409 }, { class: "retry" }],
    ["500", { status: 500 }, { class: "retry" }],
    ["503 with a page", { status: 503, body: "<html>Service Unavailable</html>" }, { class: "retry" }],
    ["529", { status: 529 }, { class: "retry" }],
    ["302", { status: 302, headers: { location: "http://127.0.0.1:1/" } }, { class: "bad-request" }],
  ])("%s is understood", async (_, fault, expected) => {
    const error = await failWith({ fault: { type: "status", ...fault } });
    expect(error).toMatchObject({ ...expected, status: fault.status, wasCut: false });
    expect(error.retryAfterMs).toBe(expected.retryAfterMs);
    expect(error.message).toContain(error.class === "too-long" ? "fake-model" : "Tester");
    expect(error.message).not.toContain("<");
  });

  test("a date to come back at becomes a time to wait", async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const error = await failWith({
      fault: { type: "status", status: 429, headers: { "retry-after": date } },
    });
    expect(error.retryAfterMs).toBeGreaterThan(15_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(20_000);
  });

  test("an unknown model is answered with the way to choose another", async () => {
    expect((await failWith({ fault: { type: "status", status: 404 } })).hint).toContain("/model");
  });

  test.each([
    ["the key itself", `invalid key ${key}`],
    ["a key of somebody else", "Incorrect API key provided: sk-proj-abcd*********wxyz."],
    ["an address with a key", "see https://user:pw@example.com/x?key=AIzaSyAabcdefghijk&b=1"],
    ["a header of ours", "team blue-secret is unknown"],
  ])("no message repeats %s", async (_, message) => {
    const error = await failWith({ fault: { type: "status", status: 401, message } });
    expect(JSON.stringify(error)).not.toMatch(/verysecret|sk-proj|wxyz|AIza|user:pw|blue-secret/);
  });

  test("what a server says cannot steer the terminal and is not long", async () => {
    const message = `\u001b[2J\u202eevil\r\n${"x".repeat(5000)}`;
    const error = await failWith({ fault: { type: "status", status: 400, message } });
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(error.message.length).toBeLessThan(500);
  });

  test("an overload as the first event of a stream may pass by itself", async () => {
    const fault = { type: "error-event", code: "overloaded_error" } as const;
    expect(await failWith({ text: "a", fault })).toMatchObject({
      class: "retry",
      status: 529,
      wasCut: false,
    });
  });

  test("an overload in the middle of a stream says that the answer was cut", async () => {
    const fault = { type: "error-event", code: "overloaded_error", afterEvents: 3 } as const;
    const events = await play({ text: "Hello there, my friend.", fault });
    expect(events.some((event) => event.type === "text-delta")).toBe(true);
    expect(errorOf(events)).toMatchObject({ class: "retry", wasCut: true });
  });

  test("an error in a stream that will not pass is told apart", async () => {
    const fault = {
      type: "error-event",
      code: "invalid_request_error",
      message: "prompt is too long",
    } as const;
    expect(await failWith({ text: "a", fault })).toMatchObject({ class: "too-long" });
  });

  test("an answer that ends before it began was not cut", async () => {
    expect(await failWith({ text: "a", fault: { type: "cut", afterBytes: 0, cleanly: true } })).toMatchObject(
      {
        class: "retry",
        wasCut: false,
      },
    );
  });

  test("broken JSON in a stream is a failure that may pass", async () => {
    const turn: Turn = { calls: [{ name: "shell" }], fault: { type: "malformed" } };
    expect(await failWith(turn)).toMatchObject({ class: "retry", wasCut: true });
  });

  test("silence before the answer is ended by its deadline", async () => {
    const error = await failWith(
      { text: "a", fault: { type: "silence" } },
      { firstByteMs: 30, idleMs: 10_000 },
    );
    expect(error).toMatchObject({ class: "retry", wasCut: false });
    expect(error.message).toContain("did not answer within 0.03 s");
  });

  test("silence after the head is ended by the same deadline", async () => {
    const fault = { type: "silence", afterBytes: 0 } as const;
    const error = await failWith({ text: "a", fault }, { firstByteMs: 30, idleMs: 10_000 });
    expect(error).toMatchObject({ class: "retry", wasCut: false });
  });

  test("silence in the middle is ended by the other, and the server sees us leave", async () => {
    const fault = { type: "silence", afterBytes: 600 } as const;
    await using server = startLlmServer([{ text: "Hello there, my friend.", fault }]);
    const provider = open(server, { timeouts: { firstByteMs: 10_000, idleMs: 40 } });
    const error = errorOf(await collect(provider.stream(toRequest("hi"), never)));
    expect(error).toMatchObject({ class: "retry", wasCut: true });
    await server.nextCancel();
  });

  test("a slow answer is not a silent one", async () => {
    const turn: Turn = { text: "abcdefgh", deltaSize: 1, delayMs: 10 };
    const events = await play(turn, { firstByteMs: 5_000, idleMs: 5_000 });
    expect(events.at(-1)?.type).toBe("stop");
  });

  test("an abort ends a request that nobody answers, and the server sees us leave", async () => {
    const fault = { type: "silence", afterBytes: 0 } as const;
    await using server = startLlmServer([{ text: "a", fault }]);
    const controller = new AbortController();
    const events = collect(open(server).stream(toRequest("hi"), controller.signal));
    while (server.requests.length === 0) await new Promise(setImmediate);
    controller.abort();
    expect((await events).map((event) => event.type)).toEqual(["aborted"]);
    await server.nextCancel();
  });

  test("a reader that leaves ends the request", async () => {
    await using server = startLlmServer([
      { text: "a b c d e f g h", fault: { type: "silence", afterBytes: 900 } },
    ]);
    for await (const event of open(server).stream(toRequest("hi"), never)) {
      if (event.type === "text-delta") break;
    }
    await server.nextCancel();
  });

  test("nobody at a local address is asked about", async () => {
    const server = startLlmServer([]);
    const provider = open(server);
    await server.stop();
    const error = errorOf(await collect(provider.stream(toRequest("hi"), never)));
    expect(error).toMatchObject({ class: "retry", wasCut: false });
    expect(error.message).toContain(new URL(server.url).host);
    expect(error.hint).toContain("is it running?");
  });

  test("a name that does not exist is named", async () => {
    const provider = create({ ...target, apiBase: "http://user:pw@nowhere.invalid/v1" });
    const error = errorOf(await collect(provider.stream(toRequest("hi"), never)));
    expect(error.class).toBe("retry");
    expect(error.message).toContain("nowhere.invalid");
    expect(JSON.stringify(error)).not.toContain("pw");
  });

  test("a certificate that nobody vouches for is refused", async () => {
    await using server = startLlmServer([{ text: "secret" }], { tls: true });
    const error = errorOf(await collect(open(server).stream(toRequest("hi"), never)));
    expect(error.class).toBe("bad-request");
    expect(error.message).toContain("is signed by nobody this machine knows");
    expect(server.requests).toHaveLength(0);
  });

  test("an address that is none is a mistake in the configuration", async () => {
    const provider = create({ ...target, apiBase: "localhost:1234" });
    expect(errorOf(await collect(provider.stream(toRequest("hi"), never)))).toMatchObject({
      class: "bad-request",
      message: "The address of Tester is not a URL.",
    });
  });

  test("a key that cannot be a header is not sent and not shown", async () => {
    const provider = create({
      ...target,
      apiBase: "http://127.0.0.1:1",
      apiKey: new Secret("geheim\nschlüssel €"),
    });
    const error = errorOf(await collect(provider.stream(toRequest("hi"), never)));
    expect(error.class).toBe("auth");
    expect(JSON.stringify(error)).not.toContain("geheim");
  });

  test("the key does not follow a redirect", async () => {
    const seen: (string | null)[] = [];
    using thief = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        seen.push(request.headers.get("x-api-key") ?? request.headers.get("authorization"));
        return new Response("{}");
      },
    });
    const headers = { location: thief.url.href };
    await failWith({ fault: { type: "status", status: 307, headers } });
    expect(seen).toEqual([]);
  });

  const target: ProviderTarget = {
    name: "tester",
    label: "Tester",
    apiBase: "",
    apiKey: new Secret(key),
    extraHeaders: { "x-team": new Secret("blue-secret") },
  };

  function open(server: LlmServer, more: Partial<ProviderTarget> = {}): Provider {
    return create({ ...target, apiBase: wire === "anthropic" ? server.url : server.openAiBase, ...more });
  }

  async function play(turn: Turn, timeouts?: ProviderTarget["timeouts"]): Promise<ProviderEvent[]> {
    await using server = startLlmServer(() => turn);
    const provider = open(server, timeouts === undefined ? {} : { timeouts });
    return await collect(provider.stream(toRequest("hi"), never));
  }

  async function failWith(turn: Turn, timeouts?: ProviderTarget["timeouts"]): Promise<ProviderError> {
    return errorOf(await play(turn, timeouts));
  }
});

test("a fetch that follows redirects would give the key away", async () => {
  const seen: (string | null)[] = [];
  using thief = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      seen.push(request.headers.get("x-api-key"));
      return new Response("{}");
    },
  });
  const fault = { type: "status", status: 307, headers: { location: thief.url.href } } as const;
  await using server = startLlmServer([{ fault }]);
  await fetch(`${server.url}/v1/messages`, { method: "POST", headers: { "x-api-key": key }, body: "{}" });
  expect(seen).toEqual([key]);
});

test("a stream without end is given up, and the server sees us leave", async () => {
  const left = Promise.withResolvers<void>();
  const chunk = { choices: [{ index: 0, delta: { reasoning_content: "x".repeat(1_000_000) } }] };
  const frame = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`);
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      new Response(
        new ReadableStream({ pull: (controller) => controller.enqueue(frame), cancel: () => left.resolve() }),
        { headers: { "content-type": "text/event-stream" } },
      ),
  });
  const provider = createOpenAiProvider({
    name: "local",
    label: "Local",
    apiBase: `http://127.0.0.1:${server.port}/v1`,
  });
  let last: ProviderEvent | undefined;
  for await (const event of provider.stream(toRequest("hi"), never)) last = event;
  expect(last).toMatchObject({ type: "error", error: { message: expect.stringContaining("no end") } });
  await left.promise;
}, 20_000);

test("a page instead of an answer is recognised as one", async () => {
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response("<html>Welcome</html>", { headers: { "content-type": "text/html" } }),
  });
  const provider = createOpenAiProvider({ name: "x", label: "X", apiBase: server.url.href });
  const error = errorOf(await collect(provider.stream(toRequest("hi"), never)));
  expect(error.message).toContain("text/html");
});

test("a server on this machine gets more time for its first word", () => {
  expect(toTimeouts({ apiBase: "http://localhost:11434/v1" })).toEqual({
    firstByteMs: 300_000,
    idleMs: 60_000,
  });
  expect(toTimeouts({ apiBase: "http://[::1]:1/v1" }).firstByteMs).toBe(300_000);
  expect(toTimeouts({ apiBase: "https://localhost.example.com/v1" })).toEqual({
    firstByteMs: 30_000,
    idleMs: 60_000,
  });
  expect(toTimeouts({ apiBase: "https://a.b", timeouts: { idleMs: 5 } })).toEqual({
    firstByteMs: 30_000,
    idleMs: 5,
  });
});

function errorOf(events: readonly ProviderEvent[]): ProviderError {
  expect(events.filter(isLast)).toHaveLength(1);
  const last = events.at(-1);
  if (last?.type !== "error") throw new Error(`It ended with ${JSON.stringify(last)}.`);
  return last.error;
}
