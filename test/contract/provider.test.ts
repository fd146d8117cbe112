import { afterAll } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { createProvider as createSdkProvider } from "../../src/providers/ai-sdk/provider.ts";
import { createProvider as createAnthropicProvider } from "../../src/providers/anthropic/provider.ts";
import { createProvider as createDemoProvider } from "../../src/providers/demo/provider.ts";
import { createProvider as createOpenAiProvider } from "../../src/providers/openai/provider.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { createRetryingProvider } from "../../src/providers/retrying.ts";
import { createScriptedProvider, type ScriptedAnswer } from "../../src/providers/scripted/provider.ts";
import { Secret } from "../../src/secret.ts";
import { startLlmServer, type LlmServer } from "../fakes/llm-server.ts";
import type { Turn } from "../fakes/llm-turn.ts";
import { makePluginFolder } from "../fakes/plugins.ts";
import { testProvider, toRequest, type OpenProvider, type ProviderCase, type Scenario } from "./provider.ts";

const plugins = makePluginFolder("@ai-sdk/anthropic", "@ai-sdk/openai-compatible");
afterAll(async () => (await plugins)[Symbol.asyncDispose]());

const turns: Readonly<Record<Scenario, Turn>> = {
  text: { text: "Grüezi, this is the answer. 🙂", thinking: "Let me think.", deltaSize: 3 },
  call: { text: "I look.", calls: [{ name: "shell", arguments: { command: "uname -a" } }] },
  length: {
    text: "I was about to",
    calls: [{ name: "shell", arguments: '{"command": "un' }],
    stop: "length",
  },
  failure: { fault: { type: "status", status: 401, message: "no such key" } },
};

const answers: Readonly<Record<Scenario, ScriptedAnswer>> = {
  text: { text: "Grüezi, this is the answer. 🙂", thinking: "Let me think." },
  call: { calls: [{ name: "shell", arguments: { command: "uname -a" } }] },
  length: { text: "I was about to", calls: [{ name: "shell" }], reason: "length" },
  failure: { text: "Well", error: { class: "auth", message: "no such key", wasCut: true } },
};

testProvider(overWire("anthropic", toAnthropic));
testProvider(overWire("openai", toOpenAi));
testProvider(
  overWire("anthropic, retrying", (server) =>
    createRetryingProvider(toAnthropic(server), { clock: systemClock, random: () => 0 }),
  ),
);

testProvider(
  overWire("ai-sdk with @ai-sdk/anthropic", (server) => open("@ai-sdk/anthropic", `${server.url}/v1`)),
);
testProvider(
  overWire("ai-sdk with @ai-sdk/openai-compatible", (server) =>
    open("@ai-sdk/openai-compatible", server.openAiBase),
  ),
);

testProvider({
  name: "scripted",
  open: async (scenario) =>
    toOpen(
      createScriptedProvider(() => answers[scenario]),
      "hi",
    ),
});

testProvider({
  name: "demo",
  open: async (scenario) => toOpen(createDemoProvider(), scenario === "call" ? "run: uname -a" : "hello"),
  lacks: {
    length: "known limit: it never says that much",
    failure: "known limit: it needs nothing that could fail",
  },
});

function overWire(name: string, create: (server: LlmServer) => Provider | Promise<Provider>): ProviderCase {
  return {
    name,
    async open(scenario) {
      const server = startLlmServer(() => turns[scenario]);
      return {
        provider: await create(server),
        request: toRequest("hi"),
        [Symbol.asyncDispose]: () => server.stop(),
      };
    },
  };
}

async function open(name: string, apiBase: string): Promise<Provider> {
  const { folder } = await plugins;
  const plugin = { package: name, folder, options: {} };
  return await createSdkProvider({ name: "sdk", label: "SDK", apiBase, apiKey: new Secret("sk-1"), plugin });
}

function toAnthropic(server: LlmServer): Provider {
  return createAnthropicProvider({ name: "anthropic", label: "Anthropic", apiBase: server.url });
}

function toOpenAi(server: LlmServer): Provider {
  return createOpenAiProvider({ name: "openai", label: "OpenAI", apiBase: server.openAiBase });
}

function toOpen(provider: Provider, text: string): OpenProvider {
  return { provider, request: toRequest(text), [Symbol.asyncDispose]: async () => {} };
}
