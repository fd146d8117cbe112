import { expect, test } from "bun:test";
import { collect, toRequest } from "../../../test/contract/provider.ts";
import { startLlmServer, type LlmServer } from "../../../test/fakes/llm-server.ts";
import type { Turn } from "../../../test/fakes/llm-turn.ts";
import { unseenImage } from "../images.ts";
import type { Message, Provider, ProviderRequest } from "../provider.ts";
import { createProvider } from "./provider.ts";
import { toBody } from "./request.ts";

const never = new AbortController().signal;
const target = { name: "anthropic" };
const image = { type: "image", mediaType: "image/webp", data: "AAAA" } as const;

test.each([
  [
    "claude-sonnet-5-5",
    "low",
    { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } },
  ],
  [
    "claude-opus-4-6",
    4096,
    { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } },
  ],
  ["claude-opus-4-5-20251101", "medium", { thinking: { type: "enabled", budget_tokens: 8192 } }],
  ["claude-haiku-4-5", 3000, { thinking: { type: "enabled", budget_tokens: 3000 } }],
  ["MiniMax-M3", "high", { thinking: { type: "enabled", budget_tokens: 24_576 } }],
  ["claude-sonnet-5-5", "off", { thinking: { type: "disabled" } }],
] as const)("%s thinks at %p as it can", (model, thinking, fields) => {
  expect(toBody({ ...toRequest("hi"), model, thinking }, target)).toMatchObject(fields);
});

test("without a wish nothing is said of thinking", () => {
  const body = toBody(toRequest("hi"), target);
  expect(body).not.toHaveProperty("thinking");
  expect(body).not.toHaveProperty("output_config");
  expect(body.max_tokens).toBe(1000);
});

test("thinking has room beside the answer, and takes no temperature", () => {
  const request: ProviderRequest = { ...toRequest("hi"), model: "claude-haiku-4-5", temperature: 0.5 };
  const body = toBody({ ...request, thinking: 3000 }, target);
  expect(body.max_tokens).toBe(4000);
  expect(body).not.toHaveProperty("temperature");
  expect(toBody({ ...request, thinking: "off" }, target).temperature).toBe(0.5);
});

test.each([
  [
    "an effort where only budgets are known",
    "claude-future-9",
    "adaptive thinking is not supported on this model",
    { type: "enabled", budget_tokens: 24_576, display: "summarized" },
  ],
  [
    "a budget where only efforts are known",
    "claude-opus-4-5",
    '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort"',
    { type: "adaptive" },
  ],
])("%s becomes the other, and stays so", async (_, model, message, thinking) => {
  await using server = startLlmServer([refused(message), { text: "a" }, { text: "b" }]);
  const provider = open(server);
  const request = { ...toRequest("hi"), model, thinking: "high" } as const;
  await collect(provider.stream(request, never));
  await collect(provider.stream(request, never));
  expect(server.requests.map(({ body }) => body["thinking"]).slice(1)).toEqual([thinking, thinking]);
});

test("a model that cannot think, and one that cannot stop, answer all the same", async () => {
  await using server = startLlmServer([
    refused("thinking is not supported by this model"),
    refused("thinking is not supported by this model"),
    { text: "a" },
    refused("thinking.type: disabled is not supported"),
    { text: "b" },
  ]);
  const provider = open(server);
  await collect(provider.stream({ ...toRequest("hi"), model: "plain", thinking: "high" }, never));
  await collect(provider.stream({ ...toRequest("hi"), model: "fable", thinking: "off" }, never));
  expect(server.requests[2]?.body).not.toHaveProperty("thinking");
  expect(server.requests[4]?.body).not.toHaveProperty("thinking");
});

test("with less room than was asked for a budget leaves some for the answer", async () => {
  await using server = startLlmServer([
    refused("max_tokens: 25576 > 8192, which is the maximum allowed number of output tokens"),
    { text: "a" },
  ]);
  const request = { ...toRequest("hi"), model: "claude-haiku-4-5", thinking: "high" } as const;
  await collect(open(server).stream(request, never));
  expect(server.requests[1]?.body).toMatchObject({ max_tokens: 8192, thinking: { budget_tokens: 4096 } });
});

test("thoughts of before that a model does not believe are left out, those of the work at hand are not", async () => {
  const thought = (text: string): Message => ({
    role: "assistant",
    content: [
      { type: "thinking", text, signature: JSON.stringify(["anthropic", "thinking", "sig"]) },
      { type: "tool-call", id: text, name: "shell", arguments: "{}" },
    ],
  });
  const result = (callId: string): Message => ({
    role: "tool",
    callId,
    name: "shell",
    content: "x",
    isError: false,
  });
  await using server = startLlmServer([
    refused("messages.1.content.0: Invalid `signature` in `thinking` block"),
    { text: "a" },
  ]);
  const messages = [
    ...toRequest("one").messages,
    thought("old"),
    result("old"),
    ...toRequest("two").messages,
    thought("new"),
    result("new"),
  ];
  await collect(open(server).stream({ ...toRequest(""), messages }, never));
  const sent = JSON.stringify(server.requests[1]?.body["messages"]);
  expect(sent).not.toContain('"thinking":"old"');
  expect(sent).toContain('"thinking":"new"');
});

test("pictures go as bytes, beside the person's words and in results", () => {
  const messages: Message[] = [
    { role: "user", content: [image, { type: "text", text: "look" }] },
    { role: "assistant", content: [{ type: "tool-call", id: "a", name: "read_file", arguments: "{}" }] },
    { role: "tool", callId: "a", name: "read_file", content: "PNG image", images: [image], isError: false },
  ];
  const source = { type: "base64", media_type: "image/webp", data: "AAAA" };
  expect(toBody({ ...toRequest(""), messages }, target).messages).toMatchObject([
    {
      role: "user",
      content: [
        { type: "image", source },
        { type: "text", text: "look" },
      ],
    },
    { role: "assistant" },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          content: [
            { type: "text", text: "PNG image" },
            { type: "image", source },
          ],
        },
      ],
    },
  ]);
  const blind = JSON.stringify(toBody({ ...toRequest(""), messages }, { ...target, isBlind: true }));
  expect(blind).not.toContain("AAAA");
  expect(blind.split(unseenImage)).toHaveLength(3);
});

test("pictures that a server refuses are left out with a sentence, also in results", async () => {
  const messages: Message[] = [
    { role: "user", content: [image, { type: "text", text: "look" }] },
    { role: "assistant", content: [{ type: "tool-call", id: "a", name: "read_file", arguments: "{}" }] },
    { role: "tool", callId: "a", name: "read_file", content: "PNG image", images: [image], isError: false },
  ];
  await using server = startLlmServer([
    refused("this model does not support image input"),
    { text: "I can't." },
  ]);
  const events = await collect(open(server).stream({ ...toRequest(""), messages }, never));
  expect(events.at(-1)?.type).toBe("stop");
  const sent = JSON.stringify(server.requests[1]?.body);
  expect(sent).not.toContain("AAAA");
  expect(sent.split(unseenImage)).toHaveLength(3);
});

function refused(message: string): Turn {
  return { fault: { type: "status", status: 400, message } };
}

function open(server: LlmServer): Provider {
  return createProvider({ name: "anthropic", label: "Anthropic", apiBase: server.url });
}
