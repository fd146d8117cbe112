import { systemClock } from "../../src/clock.ts";
import { createProvider as createAnthropicProvider } from "../../src/providers/anthropic/provider.ts";
import { createProvider as createDemoProvider } from "../../src/providers/demo/provider.ts";
import { createProvider as createOpenAiProvider } from "../../src/providers/openai/provider.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { createRetryingProvider } from "../../src/providers/retrying.ts";
import { createScriptedProvider, type ScriptedAnswer } from "../../src/providers/scripted/provider.ts";
import { startLlmServer, type LlmServer } from "../fakes/llm-server.ts";
import type { Turn } from "../fakes/llm-turn.ts";
import { testProvider, toRequest, type OpenProvider, type ProviderCase, type Scenario } from "./provider.ts";

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

function overWire(name: string, create: (server: LlmServer) => Provider): ProviderCase {
  return {
    name,
    async open(scenario) {
      const server = startLlmServer(() => turns[scenario]);
      return {
        provider: create(server),
        request: toRequest("hi"),
        [Symbol.asyncDispose]: () => server.stop(),
      };
    },
  };
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
