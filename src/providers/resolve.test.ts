import { expect, test } from "bun:test";
import { parseConfig } from "../config/parse.ts";
import { createKeyring } from "../keyring.ts";
import { catalog } from "./catalog.ts";
import type { LocalServer } from "./local.ts";
import { resolveModel, type ResolvedModel } from "./resolve.ts";

interface Given {
  readonly file?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly model?: string;
  readonly provider?: string;
  readonly localServers?: readonly LocalServer[];
}

function resolve({ file = {}, env = {}, ...request }: Given): ResolvedModel {
  const parsed = parseConfig(JSON.stringify(file), {}, () => undefined);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  const keyring = createKeyring(env, { secrets: () => new Map(), claw: () => new Map() });
  return resolveModel({ config: parsed.config, keyring, ...request });
}

function defaultOf(provider: string): string {
  return `${provider} ${catalog.find(({ name }) => name === provider)?.defaultModel}`;
}

function keys(...names: readonly string[]): Record<string, { apiKey: string }> {
  return Object.fromEntries(names.map((name) => [name, { apiKey: "k" }]));
}

function withModel(model: string, providers: object, provider = "auto"): Given {
  return { file: { providers, agents: { defaults: { model, provider } } } };
}

const cases: readonly (readonly [name: string, given: Given, expected: string])[] = [
  [
    "a prefix with a key decides",
    withModel("anthropic/claude-opus-4-5", keys("openrouter", "anthropic")),
    "anthropic claude-opus-4-5",
  ],
  [
    "a gateway serves the full name of others",
    withModel("anthropic/claude-opus-4-5", keys("openrouter")),
    "openrouter anthropic/claude-opus-4-5",
  ],
  [
    "the only key serves what it may not know",
    withModel("claude-sonnet-4-5", keys("openai")),
    "openai claude-sonnet-4-5",
  ],
  ["a family's name decides", withModel("gpt-4o", keys("anthropic", "openai")), "openai gpt-4o"],
  ["deepseek-chat", withModel("deepseek-chat", keys("deepseek")), "deepseek deepseek-chat"],
  [
    "a foreign gateway's prefix is taken off",
    withModel("openrouter/qwen/qwen-max", keys("dashscope")),
    "dashscope qwen-max",
  ],
  ["zai/glm-4.6", withModel("zai/glm-4.6", keys("zhipu")), "zhipu glm-4.6"],
  ["kimi", withModel("kimi-k2.5", keys("moonshot")), "moonshot kimi-k2.5"],
  ["minimax, whatever the case", withModel("MiniMax-M2.1", keys("minimax")), "minimax MiniMax-M2.1"],
  [
    "a local server beats a key that knows nothing of the model",
    withModel("meta-llama/Llama-3.1-8B-Instruct", {
      ...keys("openai"),
      vllm: { apiKey: "dummy", apiBase: "http://localhost:8000/v1" },
    }),
    "vllm meta-llama/Llama-3.1-8B-Instruct",
  ],
  [
    "a tag means a local server, whatever key there is for the family",
    withModel("qwen2.5:14b", { ...keys("dashscope"), vllm: { apiBase: "http://127.0.0.1:11434/v1" } }),
    "vllm qwen2.5:14b",
  ],
  [
    "without a local server the family's key serves",
    withModel("qwen2.5:14b", keys("dashscope")),
    "dashscope qwen2.5:14b",
  ],
  ["an unknown model at the only key", withModel("llama3-8b-8192", keys("groq")), "groq llama3-8b-8192"],
  [
    "an address of one's own",
    withModel("deepseek-r1", { deepseek: { apiKey: "k", apiBase: "http://proxy/v1" } }),
    "deepseek deepseek-r1 http://proxy/v1",
  ],
  [
    "a local prefix needs no key",
    withModel("ollama/llama3.2", {}),
    "ollama llama3.2 http://127.0.0.1:11434/v1",
  ],
  [
    "a local provider by name",
    withModel("llama3.2", {}, "ollama"),
    "ollama llama3.2 http://127.0.0.1:11434/v1",
  ],
  ["a provider in another spelling", withModel("x", {}, "lm_studio"), "lmstudio x http://127.0.0.1:1234/v1"],
  [
    "of two local servers Ollama",
    withModel("llama3.2", { vllm: { apiBase: "http://l:8000" }, ollama: { apiBase: "http://l:11434" } }),
    "ollama llama3.2 http://l:11434",
  ],
  ["only vLLM", withModel("llama3.2", { vllm: { apiBase: "http://l:8000" } }), "vllm llama3.2 http://l:8000"],
  [
    "a provider of one's own by prefix",
    withModel("companyProxy/gpt-4", { companyProxy: { apiBase: "http://c" } }),
    "companyProxy gpt-4 http://c",
  ],
  [
    "a provider of one's own by name keeps the full model",
    withModel("anthropic/x", { companyProxy: { apiBase: "http://c" } }, "companyProxy"),
    "companyProxy anthropic/x http://c",
  ],
  [
    "openrouter/auto is a model",
    withModel("openrouter/auto", keys("openrouter")),
    "openrouter openrouter/auto",
  ],
  [
    "openrouter/ before a full name is taken off",
    withModel("openrouter/a/b", keys("openrouter")),
    "openrouter a/b",
  ],
  [
    "an unknown model goes to the gateway before a direct key",
    withModel("who/knows", keys("openai", "openrouter")),
    "openrouter who/knows",
  ],
  ["no model: the key decides", { env: { ANTHROPIC_API_KEY: "k" } }, defaultOf("anthropic")],
  [
    "no model: the file's key comes before the environment's",
    { file: { providers: keys("groq") }, env: { ANTHROPIC_API_KEY: "k" } },
    defaultOf("groq"),
  ],
  [
    "a flag wins over the file",
    { ...withModel("gpt-4o", keys("openai", "anthropic")), model: "claude-x" },
    "anthropic claude-x",
  ],
  [
    "a provider flag alone takes its default model",
    { ...withModel("gpt-4o", keys("openai", "anthropic")), provider: "anthropic" },
    defaultOf("anthropic"),
  ],
  ["demo by name", { env: { ANTHROPIC_API_KEY: "k" }, model: "demo" }, "demo demo"],
  ["a script for tests", { model: "scripted//tmp/a.json" }, "scripted /tmp/a.json"],
  ["nothing at all", {}, "demo demo"],
  [
    "a server that was found",
    {
      localServers: [{ name: "ollama", label: "Ollama", apiBase: "http://127.0.0.1:1", models: ["m", "n"] }],
    },
    "ollama m http://127.0.0.1:1",
  ],
];

test.each(cases)("%s", (_, given, expected) => {
  const { name, model, apiBase } = resolve(given);
  expect(
    `${name} ${model} ${apiBase}`.startsWith(expected) &&
      `${name} ${model} ${apiBase} `.startsWith(`${expected} `),
  ).toBe(true);
});

test("how it was chosen is said, so that the person can be told", () => {
  expect(resolve({}).chosenBy).toBe("nothing");
  expect(resolve({ env: { OPENAI_API_KEY: "k" } }).chosenBy).toBe("key");
  expect(resolve({ env: { OPENAI_API_KEY: "k" }, model: "gpt-5" }).chosenBy).toBe("flag");
  expect(resolve(withModel("gpt-5", keys("openai"))).chosenBy).toBe("config");
});

test("the key comes along closed, and the file's wins", () => {
  const model = resolve({
    ...withModel("gpt-5", { openai: { apiKey: "file" } }),
    env: { OPENAI_API_KEY: "env" },
  });
  expect(model.apiKey?.open()).toBe("file");
  expect(JSON.stringify(model)).not.toContain('"file"');
});

test("a model whose provider has no key names the variable", () => {
  expect(() => resolve(withModel("claude-x", {}))).toThrow("There is no API key for Anthropic.");
  expect(() => resolve({ provider: "groq", model: "x" })).toThrow("There is no API key for Groq.");
  expect(() => resolve(withModel("mystery", {}))).toThrow("There is no API key for the model mystery.");
});

test("an unknown provider and a missing model are named", () => {
  expect(() => resolve({ provider: "nope" })).toThrow('Unknown provider "nope".');
  expect(() => resolve({ file: { providers: { vllm: { apiBase: "http://x" } } } })).toThrow(
    "Which model of vLLM?",
  );
});
