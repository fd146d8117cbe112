import { expect, test } from "bun:test";
import { collect, toRequest } from "../../../test/contract/provider.ts";
import { startLlmServer, type LlmServer } from "../../../test/fakes/llm-server.ts";
import type { Turn } from "../../../test/fakes/llm-turn.ts";
import { Secret } from "../../secret.ts";
import type { AssistantMessage, Message, Provider, ProviderEvent, ProviderRequest } from "../provider.ts";
import type { ProviderTarget } from "../target.ts";
import { createProvider } from "./provider.ts";
import { toBody } from "./request.ts";
import { createAnswerReader } from "./stream.ts";

const never = new AbortController().signal;

test("a conversation is sent in the words of Chat Completions", async () => {
  await using server = startLlmServer([{ text: "ok" }]);
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "hi" }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", text: "Not yours.", signature: '["anthropic","thinking","sig"]' },
        { type: "text", text: "I look." },
        { type: "tool-call", id: "a", name: "shell", arguments: '{"command":"ls"}' },
        { type: "tool-call", id: "b", name: "shell", arguments: '{"command": "un' },
      ],
    },
    { role: "tool", callId: "a", name: "shell", content: "a.txt", isError: false },
    { role: "tool", callId: "b", name: "shell", content: "broken", isError: true },
    { role: "assistant", content: [] },
  ];
  await collect(open(server, { apiKey: new Secret("sk-1") }).stream({ ...toRequest(""), messages }, never));
  expect(server.requests[0]?.headers["authorization"]).toBe("Bearer sk-1");
  expect(server.requests[0]?.body).toMatchObject({
    model: "fake-model",
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 1000,
    tools: [{ type: "function", function: { name: "shell" } }],
  });
  expect(server.requests[0]?.body["messages"]).toEqual([
    { role: "system", content: "You are a test." },
    { role: "user", content: "hi" },
    {
      role: "assistant",
      content: "I look.",
      tool_calls: [
        { id: "a", type: "function", function: { name: "shell", arguments: '{"command":"ls"}' } },
        { id: "b", type: "function", function: { name: "shell", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "a", content: "a.txt" },
    { role: "tool", tool_call_id: "b", content: "broken" },
  ]);
});

test("where no tool may be called the tools are described all the same", () => {
  const target = { name: "openai" };
  const body = toBody({ ...toRequest("hi"), toolChoice: "none" }, target);
  expect(body).toMatchObject({ tools: [{ function: { name: "shell" } }], tool_choice: "none" });
  const without = toBody({ ...toRequest("hi"), tools: [], toolChoice: "none" }, target);
  expect(without).not.toHaveProperty("tool_choice");
});

test.each(["no-index", "same-index", "no-id"] as const)(
  "parallel calls sent with %s are told apart",
  async (as) => {
    const calls = [
      { name: "shell", arguments: { command: "ls" } },
      { name: "shell", arguments: { command: "pwd" } },
      { name: "now" },
    ];
    await using server = startLlmServer([{ calls, fault: { type: "loose-calls", as } }]);
    const { message } = stopOf(await collect(open(server).stream(toRequest("hi"), never)));
    expect(callsOf(message).map((call) => [call.name, call.arguments])).toEqual([
      ["shell", '{"command":"ls"}'],
      ["shell", '{"command":"pwd"}'],
      ["now", "{}"],
    ]);
    expect(new Set(callsOf(message).map((call) => call.id)).size).toBe(3);
  },
);

test("a thousand parallel calls are all there", async () => {
  const calls = Array.from({ length: 1000 }, (_, n) => ({
    name: "shell",
    arguments: { command: `echo ${n}` },
  }));
  await using server = startLlmServer([{ calls, deltaSize: 100 }]);
  const { message } = stopOf(await collect(open(server).stream(toRequest("hi"), never)));
  expect(callsOf(message)).toHaveLength(1000);
  expect(callsOf(message)[999]?.arguments).toBe('{"command":"echo 999"}');
});

test.each([
  [
    "a repeated name and index",
    [
      { index: 0, id: "x", function: { name: "shell", arguments: '{"comm' } },
      { index: 0, id: "x", function: { name: "shell", arguments: 'and":"ls"}' } },
    ],
  ],
  [
    "an id only in the first chunk",
    [
      { index: 0, id: "x", function: { name: "shell", arguments: "" } },
      { index: 0, function: { arguments: '{"command":"ls"}' } },
    ],
  ],
  [
    "an empty id in later chunks",
    [
      { index: 0, id: "x", function: { name: "shell", arguments: '{"command"' } },
      { index: 0, id: "", function: { name: "", arguments: ':"ls"}' } },
    ],
  ],
  ["arguments as an object", [{ id: "x", function: { name: "shell", arguments: { command: "ls" } } }]],
  [
    "no index and arguments in pieces",
    [
      { id: "x", function: { name: "shell", arguments: "" } },
      { function: { arguments: '{"command":' } },
      { function: { arguments: '"ls"}' } },
    ],
  ],
])("one call is put together from %s", (_, deltas) => {
  const message = readDeltas(deltas.map((delta) => ({ tool_calls: [delta] })));
  expect(callsOf(message)).toEqual([
    { type: "tool-call", id: "x", name: "shell", arguments: '{"command":"ls"}' },
  ]);
});

test("what came beside a call goes back with it, to the same provider only", () => {
  const extra_content = { google: { thought_signature: "abc" } };
  const message = readDeltas([
    { tool_calls: [{ index: 0, id: "x", extra_content, function: { name: "shell", arguments: "{}" } }] },
  ]);
  const request = { ...toRequest("hi"), messages: [message] };
  expect(JSON.stringify(toBody(request, { name: "gemini" }))).toContain("thought_signature");
  expect(JSON.stringify(toBody(request, { name: "openai" }))).not.toContain("thought_signature");
});

test("reasoning is streamed as thinking and goes back where it must", () => {
  const message = readDeltas([
    { reasoning_content: "Hm. " },
    { reasoning_content: "Yes." },
    { content: "Done" },
  ]);
  expect(message.content).toMatchObject([
    { type: "thinking", text: "Hm. Yes." },
    { type: "text", text: "Done" },
  ]);
  const [, sent] = toBody({ ...toRequest("hi"), messages: [message] }, { name: "gemini" }).messages;
  expect(JSON.parse(JSON.stringify(sent))).toEqual({
    role: "assistant",
    content: "Done",
    reasoning_content: "Hm. Yes.",
  });
  const other = readDeltas([{ reasoning: "Hm." }, { content: "Done" }]);
  expect(other.content).toMatchObject([{ type: "thinking", text: "Hm." }, { type: "text" }]);
});

test("text that looks like thinking is left alone", () => {
  expect(readDeltas([{ content: "<think>a</think>b" }]).content).toEqual([
    { type: "text", text: "<think>a</think>b" },
  ]);
});

test("tokens read from the cache are not counted twice", async () => {
  await using server = startLlmServer([
    { text: "a", usage: { input: 100, output: 5, cacheRead: 60, cacheWrite: 30 } },
    { text: "b", usage: { input: 10, output: 5, cacheRead: 60 } },
    { text: "c", usage: null },
  ]);
  const provider = open(server);
  const usages = [];
  for (let n = 0; n < 3; n++)
    usages.push(stopOf(await collect(provider.stream(toRequest("hi"), never))).usage);
  expect(usages).toEqual([
    { inputTokens: 10, outputTokens: 5, cacheReadTokens: 60, cacheWriteTokens: 30 },
    { inputTokens: 0, outputTokens: 5, cacheReadTokens: 10, cacheWriteTokens: 0 },
    { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ]);
});

test("an answer that is not streamed, and one with odd framing, are read alike", async () => {
  const turn: Turn = { thinking: "Hm.", text: "Well. 🙂", calls: [{ id: "t", name: "shell" }] };
  await using server = startLlmServer([
    turn,
    { ...turn, fault: { type: "not-streamed" } },
    { ...turn, fault: { type: "odd-framing" } },
  ]);
  const provider = open(server);
  const first = stopOf(await collect(provider.stream(toRequest("hi"), never)));
  expect(stopOf(await collect(provider.stream(toRequest("hi"), never)))).toEqual(first);
  expect(stopOf(await collect(provider.stream(toRequest("hi"), never)))).toEqual(first);
});

test("a refusal is handed out as text and stops as one", async () => {
  await using server = startLlmServer([{ text: "I can't help.", stop: "refused" }]);
  const { reason, message } = stopOf(await collect(open(server).stream(toRequest("hi"), never)));
  expect(reason).toBe("refused");
  expect(message.content).toEqual([{ type: "text", text: "I can't help." }]);
});

test("the token limit and the temperature are sent as the model takes them", () => {
  const request: ProviderRequest = { ...toRequest("hi"), model: "gpt-5.5", temperature: 0.7 };
  expect(toBody(request, { name: "openai" })).toMatchObject({ max_completion_tokens: 1000 });
  expect(toBody(request, { name: "openai" })).not.toHaveProperty("temperature");
  expect(toBody({ ...request, model: "gpt-4.1" }, { name: "groq" })).toMatchObject({
    max_tokens: 1000,
    temperature: 0.7,
  });
});

test("what a server refuses is changed at once and from then on", async () => {
  const refused = (message: string): Turn => ({ fault: { type: "status", status: 400, message } });
  await using server = startLlmServer([
    refused(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ),
    refused("Unsupported value: 'temperature' does not support 0.7 with this model."),
    refused("Unknown field: stream_options"),
    { text: "Fine." },
    { text: "Fine again." },
  ]);
  const provider = open(server);
  const request = { ...toRequest("hi"), temperature: 0.7 };
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  expect(server.requests).toHaveLength(5);
  for (const { body } of server.requests.slice(3)) {
    expect(body).toMatchObject({ max_completion_tokens: 1000 });
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("stream_options");
  }
});

test("a refusal that no change of the request cures is an error after one call", async () => {
  await using server = startLlmServer(() => ({
    fault: { type: "status", status: 400, message: "temperature must be a number" },
  }));
  const events = await collect(open(server).stream(toRequest("hi"), never));
  expect(events).toMatchObject([{ type: "error", error: { class: "bad-request" } }]);
  expect(server.requests).toHaveLength(1);
});

test("a gateway gets the marks for Claude's cache, and other models do not", () => {
  const target = { name: "openrouter", takesCacheMarks: true };
  const marked = toBody({ ...toRequest("hi"), model: "anthropic/claude-sonnet-5.5" }, target);
  const sent: unknown = JSON.parse(JSON.stringify(marked.messages));
  expect(sent).toEqual([
    { role: "system", content: [cached("You are a test.")] },
    { role: "user", content: [cached("hi")] },
  ]);
  expect(JSON.stringify(toBody(toRequest("hi"), target))).not.toContain("cache_control");
});

test("half of a surrogate pair does not spoil the request", async () => {
  await using server = startLlmServer([{ text: "ok" }]);
  await collect(open(server).stream(toRequest("clipped \ud83d"), never));
  expect(JSON.stringify(server.requests[0]?.body)).toContain("clipped \ufffd");
});

test("the connection of one answer serves the next", async () => {
  await using server = startLlmServer([{ text: "one" }, { text: "two" }, { text: "three" }]);
  const provider = open(server);
  for (let n = 0; n < 3; n++) await collect(provider.stream(toRequest("hi"), never));
  expect(new Set(server.requests.map((request) => request.clientPort)).size).toBe(1);
});

function cached(text: string): object {
  return { type: "text", text, cache_control: { type: "ephemeral" } };
}

function readDeltas(deltas: readonly object[]): AssistantMessage {
  const reader = createAnswerReader([], "gemini");
  for (const delta of deltas) reader.read({ choices: [{ index: 0, delta, finish_reason: null }] });
  reader.read({ choices: [] });
  reader.read({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const finished = reader.finish();
  if (finished === undefined) throw new Error("It is not finished.");
  return finished.message;
}

function callsOf(message: AssistantMessage) {
  return message.content.filter((part) => part.type === "tool-call");
}

function open(server: LlmServer, more: Partial<ProviderTarget> = {}): Provider {
  return createProvider({ name: "custom", label: "Custom", apiBase: server.openAiBase, ...more });
}

function stopOf(events: readonly ProviderEvent[]): ProviderEvent & { type: "stop" } {
  const last = events.at(-1);
  if (last?.type !== "stop") throw new Error(`It ended with ${JSON.stringify(last)}.`);
  return last;
}
