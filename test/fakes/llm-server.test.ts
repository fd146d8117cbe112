import Anthropic from "@anthropic-ai/sdk";
import { expect, test } from "bun:test";
import OpenAI from "openai";
import { startLlmServer, type LlmServer } from "./llm-server.ts";
import type { Turn } from "./llm-turn.ts";

const weather = { name: "weather", arguments: { city: "Zürich 🌧" } };
const everything: Turn = {
  thinking: "It asks for the weather.",
  text: "Let me look. 🌦",
  calls: [weather, { name: "now" }],
  usage: { input: 3, output: 7, cacheRead: 11, cacheWrite: 13 },
};

const prompt = { model: "fake-model", max_tokens: 100, messages: [{ role: "user", content: "hi" }] } as const;

test("the official Anthropic client reads a stream of the fake", async () => {
  await using server = startLlmServer([everything]);
  const message = await toAnthropic(server)
    .messages.stream({ ...prompt, messages: [...prompt.messages] })
    .finalMessage();
  expect(message.content).toMatchObject([
    { type: "thinking", thinking: "It asks for the weather.", signature: "signed-1" },
    { type: "text", text: "Let me look. 🌦" },
    { type: "tool_use", name: "weather", input: { city: "Zürich 🌧" } },
    { type: "tool_use", name: "now", input: {} },
  ]);
  expect(message.stop_reason).toBe("tool_use");
  expect(message.usage).toMatchObject({
    input_tokens: 3,
    output_tokens: 7,
    cache_read_input_tokens: 11,
    cache_creation_input_tokens: 13,
  });
});

test("the official OpenAI client reads a stream of the fake", async () => {
  await using server = startLlmServer([everything]);
  const stream = toOpenAi(server).chat.completions.stream({
    ...prompt,
    messages: [...prompt.messages],
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  const [choice] = completion.choices;
  expect(choice?.message.content).toBe("Let me look. 🌦");
  expect(choice?.message.tool_calls).toMatchObject([
    { id: "call_1_1", type: "function", function: { name: "weather", arguments: '{"city":"Zürich 🌧"}' } },
    { id: "call_1_2", type: "function", function: { name: "now", arguments: "{}" } },
  ]);
  expect(choice?.finish_reason).toBe("tool_calls");
  expect(completion.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 7 });
});

test("the official clients read an answer that is not streamed", async () => {
  await using server = startLlmServer([everything, everything]);
  const message = await toAnthropic(server).messages.create({ ...prompt, messages: [...prompt.messages] });
  expect(message.content.map((block) => block.type)).toEqual(["thinking", "text", "tool_use", "tool_use"]);
  const completion = await toOpenAi(server).chat.completions.create({
    ...prompt,
    messages: [...prompt.messages],
  });
  expect(completion.choices[0]?.message.tool_calls).toHaveLength(2);
});

test("the official clients know the errors of the fake by their classes", async () => {
  const statuses = [400, 401, 403, 404, 429, 500];
  const turns = statuses.map((status): Turn => ({ fault: { type: "status", status } }));
  await using server = startLlmServer([...turns, ...turns]);
  for (const status of statuses) {
    const error = await failureOf(
      toAnthropic(server).messages.create({ ...prompt, messages: [...prompt.messages] }),
    );
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ status, error: { type: "error" } });
  }
  for (const status of statuses) {
    const error = await failureOf(
      toOpenAi(server).chat.completions.create({ ...prompt, messages: [...prompt.messages] }),
    );
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ status });
  }
});

test("an error inside a stream reaches the official Anthropic client as one", async () => {
  await using server = startLlmServer([
    { text: "Hello there.", fault: { type: "error-event", code: "overloaded_error", afterEvents: 3 } },
  ]);
  const stream = toAnthropic(server).messages.stream({ ...prompt, messages: [...prompt.messages] });
  expect(String(await failureOf(stream.finalMessage()))).toContain("overloaded_error");
});

test("the official clients list the models of the fake", async () => {
  await using server = startLlmServer([], { models: ["a", "b"], keys: ["secret-key"] });
  expect((await toAnthropic(server).models.list()).data.map((model) => model.id)).toEqual(["a", "b"]);
  expect((await toOpenAi(server).models.list()).data.map((model) => model.id)).toEqual(["a", "b"]);
});

test("a code is exchanged for a key as at OpenRouter", async () => {
  await using server = startLlmServer([]);
  const body = JSON.stringify({ code: "abc", code_verifier: "v", code_challenge_method: "S256" });
  const response = await fetch(`${server.openAiBase}/auth/keys`, { method: "POST", body });
  expect(await response.json()).toMatchObject({ key: "sk-or-v1-abc" });
});

test("it serves over TLS with a certificate of its own", async () => {
  await using server = startLlmServer([{ text: "safe" }], { tls: true });
  const tls = server.certificate === undefined ? {} : { ca: server.certificate };
  const response = await fetch(`${server.url}/v1/messages`, {
    method: "POST",
    body: JSON.stringify({ ...prompt, stream: true }),
    tls,
  });
  expect(await response.text()).toContain("message_stop");
});

test("as a program it prints its port and plays a script file", async () => {
  const script = `${import.meta.dir}/llm-script.json`;
  const argv = [process.execPath, `${import.meta.dir}/llm-server.ts`, "--script", script];
  const child = Bun.spawn(argv, { stdout: "pipe", stderr: "inherit" });
  try {
    const reader = child.stdout.getReader();
    const port = Number(new TextDecoder().decode((await reader.read()).value));
    const body = JSON.stringify(prompt);
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: "POST", body });
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: "Hello from a file." } }],
    });
  } finally {
    child.kill("SIGTERM");
    expect(await child.exited).toBe(0);
  }
});

function toAnthropic(server: LlmServer): Anthropic {
  return new Anthropic({ baseURL: server.url, apiKey: "secret-key", maxRetries: 0 });
}

function toOpenAi(server: LlmServer): OpenAI {
  return new OpenAI({ baseURL: server.openAiBase, apiKey: "secret-key", maxRetries: 0 });
}

async function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}
