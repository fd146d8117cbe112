import { expect, test } from "bun:test";
import { collect, toRequest } from "../../../test/contract/provider.ts";
import { startLlmServer, type LlmServer } from "../../../test/fakes/llm-server.ts";
import type { Turn } from "../../../test/fakes/llm-turn.ts";
import { unseenImage } from "../images.ts";
import type { AssistantMessage, Message, Provider } from "../provider.ts";
import { toTarget } from "../registry.ts";
import type { ProviderTarget } from "../target.ts";
import { createProvider } from "./provider.ts";
import { toBody } from "./request.ts";
import { createAnswerReader } from "./stream.ts";

const never = new AbortController().signal;
const image = { type: "image", mediaType: "image/jpeg", data: "AAAA" } as const;

test.each([
  ["openai", "high", { reasoning_effort: "high", max_completion_tokens: 25_576 }],
  ["openai", "off", { reasoning_effort: "none", max_completion_tokens: 1000 }],
  ["groq", 2000, { reasoning_effort: "low", max_tokens: 3000 }],
  ["openrouter", "medium", { reasoning: { effort: "medium" } }],
  ["openrouter", 5000, { reasoning: { max_tokens: 5000 } }],
  ["vercel", "off", { reasoning: { effort: "none" } }],
  ["deepseek", "high", { thinking: { type: "enabled" }, reasoning_effort: "high" }],
  ["deepseek", "off", { thinking: { type: "disabled" } }],
  ["zhipu", "low", { thinking: { type: "enabled" } }],
  ["dashscope", 4000, { enable_thinking: true, thinking_budget: 4000 }],
  ["dashscope", "off", { enable_thinking: false }],
] as const)("%s is told to think at %p in its own way", (name, thinking, fields) => {
  const target = toTarget(name, {});
  if (target === undefined) throw new Error(`${name} is not known.`);
  const plain = toBody(toRequest("hi"), target);
  const body = toBody({ ...toRequest("hi"), thinking }, target);
  expect(body).toMatchObject(fields);
  const added = Object.keys(body).filter((key) => !(key in plain));
  expect(added.toSorted()).toEqual(
    Object.keys(fields)
      .filter((key) => !key.startsWith("max_"))
      .toSorted(),
  );
});

test("DeepSeek gets the field back on every answer, also on those of other models", () => {
  const own = readDeltas("deepseek", [{ reasoning_content: "Hm." }, { content: "A" }]);
  const foreign: AssistantMessage = { role: "assistant", content: [{ type: "text", text: "B" }] };
  const target = { name: "deepseek", thinkingStyle: "switch-and-effort" } as const;
  const { messages } = toBody({ ...toRequest(""), system: "", messages: [own, foreign] }, target);
  expect(messages).toMatchObject([{ reasoning_content: "Hm." }, { reasoning_content: "" }]);
  const elsewhere = toBody({ ...toRequest(""), system: "", messages: [own] }, { name: "openai" });
  expect(elsewhere.messages[0]).not.toHaveProperty("reasoning_content");
});

test("a proxy in front of DeepSeek that misses the field gets it at once and from then on", async () => {
  const messages: Message[] = [
    ...toRequest("a").messages,
    { role: "assistant", content: [{ type: "text", text: "B" }] },
  ];
  await using server = startLlmServer([
    refused("The `reasoning_content` in the thinking mode must be passed back to the API."),
    { text: "ok" },
    { text: "ok" },
  ]);
  const provider = open(server);
  await collect(provider.stream({ ...toRequest(""), messages }, never));
  await collect(provider.stream({ ...toRequest(""), messages }, never));
  for (const { body } of server.requests.slice(1)) {
    expect(body["messages"]).toMatchObject([{}, {}, { role: "assistant", reasoning_content: "" }]);
  }
});

test("OpenRouter's pieces of reasoning are put together and go back as they were", () => {
  const message = readDeltas("openrouter", [
    { reasoning: "He", reasoning_details: [{ type: "reasoning.text", index: 0, text: "He", format: "x" }] },
    { reasoning: "llo", reasoning_details: [{ type: "reasoning.text", index: 0, text: "llo" }] },
    { reasoning_details: [{ type: "reasoning.text", index: 0, signature: "sig" }] },
    { reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "opaque", id: "e" }] },
    { content: "Done" },
  ]);
  expect(message.content).toMatchObject([{ type: "thinking", text: "Hello" }, { type: "text" }]);
  const target = { name: "openrouter", thinkingStyle: "reasoning" } as const;
  const [sent] = toBody({ ...toRequest(""), system: "", messages: [message] }, target).messages;
  expect(sent).toEqual({
    role: "assistant",
    content: "Done",
    reasoning_details: [
      { type: "reasoning.text", index: 0, text: "Hello", format: "x", signature: "sig" },
      { type: "reasoning.encrypted", index: 1, data: "opaque", id: "e" },
    ],
  } as typeof sent);
});

test("reasoning that comes only in pieces is shown, and what is only encrypted is kept", () => {
  const shown = readDeltas("openrouter", [
    { reasoning_details: [{ type: "reasoning.summary", index: 0, summary: "So." }] },
  ]);
  expect(shown.content).toMatchObject([{ type: "thinking", text: "So." }]);
  const hidden = readDeltas("openrouter", [
    { reasoning_details: [{ type: "reasoning.encrypted", data: "x" }] },
  ]);
  expect(hidden.content).toMatchObject([{ type: "thinking", text: "" }]);
});

test("plain reasoning goes back to OpenRouter and to no other", () => {
  const [mine, other] = ["openrouter", "groq"].map((name) => {
    const message = readDeltas(name, [{ reasoning: "Hm." }, { content: "A" }]);
    const target = name === "groq" ? { name } : ({ name, thinkingStyle: "reasoning" } as const);
    return toBody({ ...toRequest(""), system: "", messages: [message] }, target).messages[0];
  });
  expect(mine).toMatchObject({ reasoning: "Hm." });
  expect(other).not.toHaveProperty("reasoning");
});

test("a model that cannot stop thinking thinks a little; one that cannot think at all is not told to", async () => {
  await using server = startLlmServer([
    refused("Unsupported value: 'reasoning_effort' does not support 'none' with this model."),
    { text: "a" },
    refused("Unrecognized request argument supplied: reasoning_effort"),
    { text: "b" },
  ]);
  const provider = open(server);
  await collect(provider.stream({ ...toRequest("hi"), model: "gpt-5", thinking: "off" }, never));
  await collect(provider.stream({ ...toRequest("hi"), model: "gpt-4.1", thinking: "high" }, never));
  expect(server.requests.map(({ body }) => body["reasoning_effort"])).toEqual([
    "none",
    "minimal",
    "high",
    undefined,
  ]);
});

test("more room than a model has is taken back", async () => {
  await using server = startLlmServer([
    refused("max_tokens is too large: 25576. This model supports at most 16384 completion tokens."),
    { text: "a" },
  ]);
  await collect(open(server).stream({ ...toRequest("hi"), thinking: "high" }, never));
  expect(server.requests[1]?.body).toMatchObject({ max_tokens: 16_384 });
});

test("pictures go as bytes; those of results behind all results of the same answer", () => {
  const messages: Message[] = [
    { role: "user", content: [image, { type: "text", text: "look" }] },
    {
      role: "assistant",
      content: ["a", "b"].map((id) => ({ type: "tool-call", id, name: "read_file", arguments: "{}" })),
    },
    { role: "tool", callId: "a", name: "read_file", content: "PNG image", images: [image], isError: false },
    { role: "tool", callId: "b", name: "read_file", content: "text", isError: false },
    { role: "assistant", content: [{ type: "text", text: "Seen." }] },
  ];
  const url = { type: "image_url", image_url: { url: "data:image/jpeg;base64,AAAA" } };
  const body = toBody({ ...toRequest(""), system: "", messages }, { name: "openai" });
  expect(body.messages).toMatchObject([
    { role: "user", content: [url, { type: "text", text: "look" }] },
    { role: "assistant" },
    { role: "tool", tool_call_id: "a", content: "PNG image" },
    { role: "tool", tool_call_id: "b", content: "text" },
    { role: "user", content: [{ type: "text", text: "The picture that read_file shows:" }, url] },
    { role: "assistant", content: "Seen." },
  ]);
  const blind = JSON.stringify(toBody({ ...toRequest(""), messages }, { name: "deepseek", isBlind: true }));
  expect(blind).not.toContain("image_url");
  expect(blind.split(unseenImage)).toHaveLength(3);
});

test.each([
  [400, "Invalid content type. image_url is only supported by certain models."],
  [404, "No endpoints found that support image input"],
  [422, "This model does not support images."],
])("pictures refused with %p are left out with a sentence: %s", async (status, message) => {
  await using server = startLlmServer([{ fault: { type: "status", status, message } }, { text: "I can't." }]);
  const messages: Message[] = [{ role: "user", content: [image, { type: "text", text: "look" }] }];
  const events = await collect(open(server).stream({ ...toRequest(""), messages }, never));
  expect(events.at(-1)?.type).toBe("stop");
  expect(JSON.stringify(server.requests[1]?.body)).toContain(unseenImage);
});

test("a picture that is broken is not taken for a model that cannot see", async () => {
  const message =
    "You uploaded an unsupported image. Please make sure your image has one of the following formats: png.";
  await using server = startLlmServer(() => ({ fault: { type: "status", status: 400, message } }));
  const messages: Message[] = [{ role: "user", content: [image] }];
  const events = await collect(open(server).stream({ ...toRequest(""), messages }, never));
  expect(events.at(-1)).toMatchObject({ type: "error", error: { class: "bad-request" } });
  expect(server.requests).toHaveLength(1);
});

test("the mark for Claude's cache stands behind a picture too", () => {
  const messages: Message[] = [{ role: "user", content: [{ type: "text", text: "look" }, image] }];
  const request = { ...toRequest(""), messages, model: "anthropic/claude-sonnet-5.5" };
  const body = toBody(request, { name: "openrouter", takesCacheMarks: true });
  expect(body.messages.at(-1)).toMatchObject({
    content: [{ type: "text" }, { type: "image_url", cache_control: { type: "ephemeral" } }],
  });
});

function readDeltas(name: string, deltas: readonly object[]): AssistantMessage {
  const reader = createAnswerReader([], name);
  for (const delta of deltas) reader.read({ choices: [{ index: 0, delta, finish_reason: null }] });
  reader.read({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const finished = reader.finish();
  if (finished === undefined) throw new Error("It is not finished.");
  return finished.message;
}

function refused(message: string): Turn {
  return { fault: { type: "status", status: 400, message } };
}

function open(server: LlmServer, more: Partial<ProviderTarget> = {}): Provider {
  return createProvider({ name: "custom", label: "Custom", apiBase: server.openAiBase, ...more });
}
