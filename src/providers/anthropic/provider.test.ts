import type { MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages/messages";
import { expect, test } from "bun:test";
import { collect, shell, toRequest } from "../../../test/contract/provider.ts";
import { startLlmServer, type LlmServer } from "../../../test/fakes/llm-server.ts";
import type { Turn } from "../../../test/fakes/llm-turn.ts";
import { Secret } from "../../secret.ts";
import type { Message, Provider, ProviderEvent, ProviderRequest } from "../provider.ts";
import { createProvider } from "./provider.ts";
import { toBody } from "./request.ts";

const never = new AbortController().signal;

test("thinking goes back with its signature, and that of another provider does not", async () => {
  await using server = startLlmServer([
    {
      thinking: "Deep.",
      text: "Yes.",
      calls: [{ id: "toolu_1", name: "shell", arguments: { command: "ls" } }],
    },
    { text: "Done." },
  ]);
  const provider = open(server);
  const first = await collect(provider.stream(toRequest("hi"), never));
  const answer = stopOf(first).message;
  const history: Message[] = [
    ...toRequest("hi").messages,
    { role: "assistant", content: [{ type: "thinking", text: "Foreign." }, ...answer.content] },
    { role: "tool", callId: "toolu_1", name: "shell", content: "a.txt", isError: false },
  ];
  await collect(provider.stream({ ...toRequest("hi"), messages: history }, never));
  expect(server.requests[1]?.body["messages"]).toMatchObject([
    { role: "user" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Deep.", signature: "signed-1" },
        { type: "text", text: "Yes." },
        { type: "tool_use", id: "toolu_1", name: "shell", input: { command: "ls" } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "a.txt" }] },
  ]);
  const elsewhere = toBody({ ...toRequest("hi"), messages: history }, { name: "minimax" });
  expect(JSON.stringify(elsewhere)).not.toContain("thinking");
});

test("where no tool may be called the tools are described all the same", () => {
  const body = toBody({ ...toRequest("hi"), toolChoice: "none" }, { name: "anthropic" });
  expect(body).toMatchObject({ tools: [{ name: "shell" }], tool_choice: { type: "none" } });
  expect(
    toBody({ ...toRequest("hi"), tools: [], toolChoice: "none" }, { name: "anthropic" }),
  ).not.toHaveProperty("tool_choice");
});

test("redacted thinking goes back as it came", async () => {
  const events = [
    { type: "message_start", message: {} },
    { type: "content_block_start", index: 0, content_block: { type: "redacted_thinking", data: "opaque==" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" } },
    { type: "message_stop" },
  ];
  const answer = stopOf(await playRaw(events)).message;
  const body = toBody({ ...toRequest("hi"), messages: [answer] }, { name: "anthropic" });
  expect(body.messages[0]?.content).toEqual([{ type: "redacted_thinking", data: "opaque==" }]);
});

test("the results of parallel calls become one message, before what the person says next", () => {
  const messages: Message[] = [
    {
      role: "assistant",
      content: [
        { type: "tool-call", id: "functions.shell:0", name: "shell", arguments: "{}" },
        { type: "tool-call", id: "b", name: "shell", arguments: '{"command": "un' },
      ],
    },
    { role: "tool", callId: "functions.shell:0", name: "shell", content: "1", isError: false },
    { role: "tool", callId: "b", name: "shell", content: "2", isError: true },
    { role: "user", content: [{ type: "text", text: "and?" }] },
  ];
  const body = toBody({ ...toRequest("hi"), messages }, { name: "anthropic" });
  expect(body.messages).toMatchObject([
    {
      role: "assistant",
      content: [
        { type: "tool_use", id: "functions_shell_0", input: {} },
        { type: "tool_use", id: "b", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "functions_shell_0", is_error: false },
        { type: "tool_result", tool_use_id: "b", is_error: true },
        { type: "text", text: "and?" },
      ],
    },
  ]);
});

test("the marked prefix of a request is found in the next one", () => {
  const history = [...toRequest("one").messages, says("first"), ...toRequest("two").messages];
  const before = toBody({ ...toRequest(""), messages: history }, { name: "anthropic" });
  const results = Array.from({ length: 30 }, (_, n): Message => {
    return { role: "tool", callId: `c${n}`, name: "shell", content: "x", isError: false };
  });
  const after = toBody(
    { ...toRequest(""), messages: [...history, says("second"), ...results] },
    { name: "anthropic" },
  );
  expect(prefixes(after)).toContain(prefixes(before).at(-1) ?? "none");
  expect(prefixes(after)).toHaveLength(4);
});

test("blank text, which the API refuses, is left out", () => {
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "a" }] },
    { role: "assistant", content: [{ type: "text", text: " \n" }] },
    { role: "user", content: [{ type: "text", text: "b" }] },
  ];
  expect(toBody({ ...toRequest(""), messages }, { name: "anthropic" }).messages).toMatchObject([
    { role: "user", content: [{ text: "a" }, { text: "b" }] },
  ]);
});

test.each([
  ["claude-opus-4-6", true],
  ["claude-haiku-4-5-20251001", true],
  ["claude-3-5-sonnet-latest", true],
  ["claude-opus-4-7", false],
  ["claude-sonnet-5-5", false],
  ["MiniMax-M3", true],
])("%s is sent a temperature: %p", (model, isSent) => {
  const body = toBody({ ...toRequest("hi"), model, temperature: 0.7 }, { name: "anthropic" });
  expect(body.temperature !== undefined).toBe(isSent);
});

test("what a model refuses is left out at once and from then on", async () => {
  const refused = (message: string): Turn => ({ fault: { type: "status", status: 400, message } });
  await using server = startLlmServer([
    refused("`temperature` is deprecated for this model."),
    refused("max_tokens: 1000 > 64, which is the maximum allowed number of output tokens"),
    { text: "Fine." },
    { text: "Fine again." },
  ]);
  const provider = open(server);
  const request: ProviderRequest = { ...toRequest("hi"), temperature: 0.5 };
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  const sent = server.requests.map(({ body }) => [body["temperature"], body["max_tokens"]]);
  expect(sent).toEqual([
    [0.5, 1000],
    [undefined, 1000],
    [undefined, 64],
    [undefined, 64],
  ]);
});

test("a refusal is a stop with that reason", async () => {
  await using server = startLlmServer([{ text: "I can't.", stop: "refused" }]);
  expect(stopOf(await collect(open(server).stream(toRequest("hi"), never))).reason).toBe("refused");
});

test("the usage is that of the last report, without what is absurd", async () => {
  await using server = startLlmServer([
    { text: "a", usage: { input: 5, output: 9, cacheRead: 100, cacheWrite: 50 } },
    { text: "b", usage: { input: -5, output: 1e300, cacheRead: "many", cacheWrite: Number.NaN } },
    { text: "c", usage: null },
  ]);
  const provider = open(server);
  const usages = [];
  for (let n = 0; n < 3; n++)
    usages.push(stopOf(await collect(provider.stream(toRequest("hi"), never))).usage);
  expect(usages).toEqual([
    { inputTokens: 5, outputTokens: 9, cacheReadTokens: 100, cacheWriteTokens: 50 },
    { inputTokens: 0, outputTokens: 100_000_000, cacheReadTokens: 0, cacheWriteTokens: 0 },
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
  const answers = [];
  for (let n = 0; n < 3; n++) {
    const { message, reason } = stopOf(await collect(provider.stream(toRequest("hi"), never)));
    answers.push([reason, message.content.map((part) => (part.type === "thinking" ? part.text : part))]);
  }
  expect(answers[1]).toEqual(answers[0] ?? []);
  expect(answers[2]).toEqual(answers[0] ?? []);
});

test("the key goes into its header, without the line break that was pasted with it", async () => {
  await using server = startLlmServer([{ text: "hi" }]);
  const apiKey = new Secret("sk-ant-test\n");
  await collect(
    open(server, { apiKey, extraHeaders: { "x-team": new Secret("blue") } }).stream(toRequest("hi"), never),
  );
  expect(server.requests[0]?.headers).toMatchObject({
    "x-api-key": "sk-ant-test",
    "x-team": "blue",
    "anthropic-version": "2023-06-01",
  });
});

test("an id that was already used in the conversation is replaced", async () => {
  await using server = startLlmServer([
    {
      calls: [
        { id: "again", name: "shell" },
        { id: "again", name: "shell" },
      ],
    },
  ]);
  const history: Message[] = [
    { role: "assistant", content: [{ type: "tool-call", id: "again", name: "shell", arguments: "{}" }] },
  ];
  const request = { ...toRequest("hi"), messages: history };
  const { message } = stopOf(await collect(open(server).stream(request, never)));
  const ids = message.content.map((part) => (part.type === "tool-call" ? part.id : ""));
  expect(new Set([...ids, "again"]).size).toBe(3);
});

function open(
  server: LlmServer,
  more: { apiKey?: Secret; extraHeaders?: Record<string, Secret> } = {},
): Provider {
  return createProvider({ name: "anthropic", label: "Anthropic", apiBase: server.url, ...more });
}

async function playRaw(events: readonly object[]): Promise<ProviderEvent[]> {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  using server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(text, { headers: { "content-type": "text/event-stream" } }),
  });
  const provider = createProvider({ name: "anthropic", label: "Anthropic", apiBase: server.url.href });
  return await collect(provider.stream(toRequest("hi"), never));
}

function stopOf(events: readonly ProviderEvent[]): ProviderEvent & { type: "stop" } {
  const last = events.at(-1);
  if (last?.type !== "stop") throw new Error(`It ended with ${JSON.stringify(last)}.`);
  return last;
}

function says(text: string): Message {
  return {
    role: "assistant",
    content: [
      { type: "text", text },
      { type: "tool-call", id: text, name: shell.name, arguments: "{}" },
    ],
  };
}

/** What the server hashes for each mark, in its order: tools, system, messages. */
function prefixes(body: MessageCreateParamsStreaming): string[] {
  const system = Array.isArray(body.system) ? body.system : [];
  const messages = body.messages.flatMap(({ role, content }) =>
    Array.isArray(content) ? content.map((block) => ({ role, ...block })) : [],
  );
  const blocks: object[] = [...(body.tools ?? []), ...system, ...messages];
  const ends = blocks.flatMap((block, index) => ("cache_control" in block ? [index] : []));
  return ends.map((end) =>
    JSON.stringify(blocks.slice(0, end + 1).map((block) => ({ ...block, cache_control: undefined }))),
  );
}
