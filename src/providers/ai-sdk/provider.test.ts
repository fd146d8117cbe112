import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { collect, toRequest } from "../../../test/contract/provider.ts";
import { startLlmServer, type LlmServer } from "../../../test/fakes/llm-server.ts";
import { makePluginFolder } from "../../../test/fakes/plugins.ts";
import { toSha256 } from "../../plugins/load-plugin.ts";
import { readPlugins, writePlugins } from "../../plugins/plugin-list.ts";
import { Secret } from "../../secret.ts";
import type { Message, Provider, ProviderEvent } from "../provider.ts";
import type { ProviderTarget } from "../target.ts";
import { createProvider } from "./provider.ts";

const never = new AbortController().signal;
const anthropic = "@ai-sdk/anthropic";
const compatible = "@ai-sdk/openai-compatible";
const plugins = makePluginFolder(anthropic, compatible);
afterAll(async () => (await plugins)[Symbol.asyncDispose]());

const image = { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" } as const;

test("thinking streams, goes back with its signature, and that of another provider does not", async () => {
  await using server = startLlmServer([
    { thinking: "Deep.", calls: [{ id: "toolu_1", name: "shell", arguments: { command: "ls" } }] },
    { text: "Done." },
  ]);
  const provider = await open(anthropic, server);
  const request = { ...toRequest("hi"), model: "claude-sonnet-5-5", thinking: "high" } as const;
  const events = await collect(provider.stream(request, never));
  expect(textOf(events, "thinking-delta")).toBe("Deep.");
  const messages: Message[] = [
    ...request.messages,
    {
      role: "assistant",
      content: [{ type: "thinking", text: "Foreign.", signature: '["openai","metadata","{}"]' }],
    },
    stopOf(events).message,
    { role: "tool", callId: "toolu_1", name: "shell", content: "a.txt", images: [image], isError: false },
  ];
  await collect(provider.stream({ ...request, messages }, never));
  const [first, second] = server.requests;
  expect(first?.body).toMatchObject({ thinking: { type: "adaptive" }, output_config: { effort: "high" } });
  expect(JSON.stringify(second?.body)).not.toContain("Foreign");
  expect(second?.body["messages"]).toMatchObject([
    { role: "user" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Deep.", signature: "signed-1" },
        { type: "tool_use", id: "toolu_1", input: { command: "ls" } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_1",
          content: [
            { type: "text", text: "a.txt" },
            { type: "image", source: { type: "base64", data: image.data } },
          ],
        },
      ],
    },
  ]);
});

test("the end of each request is marked, so that the next one finds it in the cache", async () => {
  await using server = startLlmServer(() => ({
    text: "ok",
    usage: { input: 3, output: 4, cacheRead: 20, cacheWrite: 5 },
  }));
  const provider = await open(anthropic, server);
  const { usage } = stopOf(await collect(provider.stream(toRequest("hi"), never)));
  expect(usage).toEqual({ inputTokens: 3, outputTokens: 4, cacheReadTokens: 20, cacheWriteTokens: 5 });
  const body = server.requests[0]?.body ?? {};
  expect(body["system"]).toMatchObject([{ cache_control: { type: "ephemeral" } }]);
  expect(body["messages"]).toMatchObject([{ content: [{ cache_control: { type: "ephemeral" } }] }]);
});

test("a picture is sent as bytes, and left out with a sentence where it is refused", async () => {
  await using server = startLlmServer([
    { fault: { type: "status", status: 400, message: "unknown variant `image_url`, expected `text`" } },
    { text: "I cannot see it." },
    { text: "Still not." },
  ]);
  const provider = await open(compatible, server);
  const messages: Message[] = [{ role: "user", content: [image, { type: "text", text: "what is this?" }] }];
  const request = { ...toRequest(""), messages };
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  expect(stopOf(await collect(provider.stream(request, never))).reason).toBe("end");
  const sent = server.requests.map(({ body }) => JSON.stringify(body["messages"]));
  expect(sent[0]).toContain("data:image/png;base64,iVBORw0KGgo=");
  expect(sent[1]).toContain("you cannot see pictures");
  expect(sent[2]).not.toContain("base64");
});

test("errors have the class that our own wires give them", async () => {
  const status = (code: number, more: object = {}) =>
    ({ fault: { type: "status", status: code, ...more } }) as const;
  await using server = startLlmServer([
    status(401, { message: "bad key sk-secret-1" }),
    status(429, { headers: { "retry-after": "3" } }),
    status(529),
    status(302, { headers: { location: "http://127.0.0.1:1/" } }),
    status(400, { message: "prompt is too long: 300000 tokens" }),
    {
      text: "Hello there, this is long.",
      fault: { type: "error-event", code: "overloaded_error", afterEvents: 4 },
    },
    { text: "Hello there, this is long.", fault: { type: "cut", afterBytes: 900 } },
    { text: "Hello there, this is long.", fault: { type: "cut", afterBytes: 900, cleanly: true } },
    { fault: { type: "malformed" }, text: "Hello" },
  ]);
  const provider = await open(anthropic, server, { apiKey: new Secret("sk-secret-1") });
  const errors = [];
  for (let n = 0; n < 9; n++) {
    const last = (await collect(provider.stream(toRequest("hi"), never))).at(-1);
    if (last?.type !== "error") throw new Error(`Request ${n + 1} ended with ${last?.type}.`);
    errors.push(last.error);
  }
  expect(errors.map((error) => error.class)).toEqual([
    "auth",
    "retry",
    "retry",
    "bad-request",
    "too-long",
    "retry",
    "retry",
    "retry",
    "retry",
  ]);
  expect(JSON.stringify(errors)).not.toContain("sk-secret-1");
  expect(errors[1]?.retryAfterMs).toBe(3000);
  expect(errors.map((error) => error.wasCut)).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    // A reset may overtake what was sent before it, and then nothing had begun.
    expect.any(Boolean),
    true,
    false,
  ]);
});

test("a server that is not there is a matter of the network", async () => {
  const server = startLlmServer([]);
  const provider = await open(compatible, server);
  await server.stop();
  const last = (await collect(provider.stream(toRequest("hi"), never))).at(-1);
  expect(last).toMatchObject({ type: "error", error: { class: "retry", wasCut: false } });
});

test("an abort while the server is silent ends at once, and as one", async () => {
  await using server = startLlmServer([
    { fault: { type: "silence" } },
    { text: "abc", fault: { type: "silence", afterBytes: 700 } },
  ]);
  const provider = await open(anthropic, server);
  for (let n = 0; n < 2; n++) {
    const events = await collect(provider.stream(toRequest("hi"), AbortSignal.timeout(50)));
    expect(events.at(-1)?.type).toBe("aborted");
  }
});

test("a server that falls silent is given up in time", async () => {
  await using server = startLlmServer([{ fault: { type: "silence" } }]);
  const provider = await open(anthropic, server, { timeouts: { firstByteMs: 30 } });
  const last = (await collect(provider.stream(toRequest("hi"), never))).at(-1);
  expect(last).toMatchObject({
    type: "error",
    error: { class: "retry", message: "SDK did not answer within 0.03 s." },
  });
});

test.each(["v2", "v3", "v4"] as const)("a package of specification %s is understood", async (version) => {
  await using folder = await makePluginFolder();
  const source = `
    export const calls = (globalThis.sdkCalls ??= []);
    export function createPretend(settings) {
      return (id) => ({
        specificationVersion: "${version}",
        async doStream(options) {
          const { abortSignal, ...plain } = options;
          calls.push({ settings: { ...settings, fetch: typeof settings.fetch }, id, options: plain });
          return { stream: ReadableStream.from(${JSON.stringify(parts(version))}) };
        },
      });
    }`;
  const bytes = new TextEncoder().encode(source);
  await Bun.write(join(folder.folder, "pretend.mjs"), bytes);
  writePlugins(folder.folder, [
    ...(await readPlugins(folder.folder)),
    { name: "@x/pretend", version: "1.0.0", file: "pretend.mjs", sha256: toSha256(bytes) },
  ]);
  const provider = await createProvider({
    name: "pretend",
    label: "Pretend",
    apiBase: "",
    apiKey: new Secret("key-1"),
    plugin: { package: "@x/pretend", folder: folder.folder, options: { region: new Secret("here") } },
  });
  const messages: Message[] = [
    { role: "user", content: [image] },
    { role: "assistant", content: [{ type: "tool-call", id: "a", name: "shell", arguments: "{}" }] },
    { role: "tool", callId: "a", name: "shell", content: "seen", images: [image], isError: false },
  ];
  const end = stopOf(await collect(provider.stream({ ...toRequest(""), messages, thinking: 9000 }, never)));
  expect(end.reason).toBe("tool-calls");
  expect(end.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 90 });
  expect(end.message.content).toMatchObject([
    {
      type: "thinking",
      text: "Hm.",
      signature: '["pretend","metadata","{\\"pretend\\":{\\"proof\\":\\"p\\"}}"]',
    },
    { type: "text", text: "Well" },
    { type: "tool-call", id: "call-7", name: "shell", arguments: '{"command":"ls"}' },
  ]);
  const call = (globalThis as unknown as { sdkCalls: Call[] }).sdkCalls.at(-1);
  expect(call?.settings).toEqual({ name: "pretend", apiKey: "key-1", region: "here", fetch: "function" });
  expect(call?.options.reasoning).toBe("medium");
  const file = call?.options.prompt[1]?.content[0];
  expect(file).toEqual({
    type: "file",
    mediaType: "image/png",
    data: version === "v4" ? { type: "data", data: image.data } : image.data,
  });
});

test("which export makes the provider is found, told, or asked for", async () => {
  const { folder } = await plugins;
  const target = { name: "sdk", label: "SDK", apiBase: "http://127.0.0.1:1" };
  const plugin = { package: anthropic, folder, options: {}, factory: "createNothing" };
  await expect(createProvider({ ...target, plugin })).rejects.toThrow(
    "It is not clear what of @ai-sdk/anthropic",
  );
  await expect(createProvider({ ...target, plugin: { ...plugin, package: "@ai-sdk/none" } })).rejects.toThrow(
    "is not installed",
  );
  const chosen = { ...plugin, factory: "createAnthropic.messages" };
  expect((await createProvider({ ...target, plugin: chosen })).name).toBe("sdk");
});

interface Call {
  readonly settings: object;
  readonly options: {
    readonly reasoning: string;
    readonly prompt: readonly { readonly content: readonly unknown[] }[];
  };
}

function parts(version: "v2" | "v3" | "v4"): object[] {
  const isOld = version === "v2";
  const input = JSON.stringify({ command: "ls" });
  return [
    { type: "stream-start", warnings: [] },
    { type: "reasoning-start", id: "r" },
    { type: "reasoning-delta", id: "r", delta: "Hm." },
    { type: "reasoning-end", id: "r", providerMetadata: { pretend: { proof: "p" } } },
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: "Well" },
    { type: "text-end", id: "t" },
    { type: "tool-call", toolCallId: "call-7", toolName: "shell", input },
    { type: "tool-call", toolCallId: "call-8", toolName: "web_search", input: "{}", providerExecuted: true },
    {
      type: "finish",
      finishReason: isOld ? "tool-calls" : { unified: "tool-calls", raw: "tool_use" },
      usage: isOld
        ? { inputTokens: 100, outputTokens: 5, totalTokens: 105, cachedInputTokens: 90 }
        : { inputTokens: { total: 100, cacheRead: 90 }, outputTokens: { total: 5 } },
    },
  ];
}

async function open(name: string, server: LlmServer, more: Partial<ProviderTarget> = {}): Promise<Provider> {
  const { folder } = await plugins;
  const apiBase = server.openAiBase;
  const plugin = { package: name, folder, options: {} };
  return await createProvider({
    name: "sdk",
    label: "SDK",
    apiBase,
    apiKey: new Secret("k"),
    plugin,
    ...more,
  });
}

function textOf(events: readonly ProviderEvent[], type: "text-delta" | "thinking-delta"): string {
  return events.map((event) => (event.type === type ? event.text : "")).join("");
}

function stopOf(events: readonly ProviderEvent[]): ProviderEvent & { type: "stop" } {
  const last = events.at(-1);
  if (last?.type !== "stop") throw new Error(`It ended with ${JSON.stringify(last)}.`);
  return last;
}
