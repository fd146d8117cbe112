import { expect, test } from "bun:test";
import type { Config } from "../config.ts";
import { defaultConfig } from "../config/defaults.ts";
import type { Keyring } from "../keyring.ts";
import { Secret } from "../secret.ts";
import { resolveModel } from "./resolve.ts";

type Expected = readonly [provider: string, model: string, temperature?: number];
type Providers = Config["providers"];

const emptyKeyring: Keyring = { findIn: () => undefined };

function configure(keys: readonly string[], bases: Readonly<Record<string, string>> = {}): Providers {
  const names = new Set([...keys, ...Object.keys(bases)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const apiKey = keys.includes(name) ? new Secret(`key-of-${name}`) : undefined;
      return [
        name,
        {
          apiKey,
          apiBase: bases[name] ?? "",
          extraHeaders: {},
          wire: null,
          package: null,
          factory: null,
          options: {},
        },
      ];
    }),
  );
}

const vllm = { vllm: "http://localhost:8000/v1" };
const ollama = { ollama: "http://localhost:11434/v1" };

test.each<[model: string, settings: Providers, expected: Expected]>([
  ["anthropic/claude-opus-4-5", configure(["openrouter", "anthropic"]), ["anthropic", "claude-opus-4-5"]],
  ["anthropic/claude-opus-4-5", configure(["openrouter"]), ["openrouter", "anthropic/claude-opus-4-5"]],
  ["claude-sonnet-4-5", configure(["openai"]), ["openai", "claude-sonnet-4-5"]],
  ["gpt-4o", configure(["openai"]), ["openai", "gpt-4o"]],
  ["deepseek-chat", configure(["deepseek"]), ["deepseek", "deepseek-chat"]],
  ["deepseek/deepseek-chat", configure(["deepseek"]), ["deepseek", "deepseek-chat"]],
  ["openrouter/qwen/qwen-max", configure(["dashscope"]), ["dashscope", "qwen-max"]],
  ["openrouter/qwen/qwen-max", configure(["openrouter"]), ["openrouter", "qwen/qwen-max"]],
  ["openrouter/auto", configure(["openrouter"]), ["openrouter", "openrouter/auto"]],
  ["zai/glm-4.6", configure(["zhipu"]), ["zhipu", "glm-4.6"]],
  ["kimi-k2.5", configure(["moonshot"]), ["moonshot", "kimi-k2.5", 1]],
  ["MiniMax-M2.1", configure(["minimax"]), ["minimax", "MiniMax-M2.1"]],
  ["qwen2.5:14b", configure(["vllm"], { vllm: "http://127.0.0.1:11434/v1" }), ["vllm", "qwen2.5:14b"]],
  ["llama3-8b-8192", configure(["groq"]), ["groq", "llama3-8b-8192"]],
  ["groq/openai/gpt-oss-120b", configure(["groq"]), ["groq", "openai/gpt-oss-120b"]],
  ["deepseek-r1", configure(["deepseek"], { deepseek: "http://proxy/v1" }), ["deepseek", "deepseek-r1"]],
  // A server of one's own that is configured comes before the first key that happens to be there.
  [
    "meta-llama/Llama-3.1-8B-Instruct",
    configure(["vllm", "openai"], vllm),
    ["vllm", "meta-llama/Llama-3.1-8B-Instruct"],
  ],
  ["qwen2.5:14b", configure(["dashscope"], vllm), ["vllm", "qwen2.5:14b"]],
  ["qwen-max", configure(["dashscope"], vllm), ["dashscope", "qwen-max"]],
  ["claude-sonnet-5-5", configure(["openrouter"], ollama), ["openrouter", "claude-sonnet-5-5"]],
  ["ollama/llama3.2", configure([]), ["ollama", "llama3.2"]],
  ["llama3.2", configure([], { ...vllm, ...ollama }), ["ollama", "llama3.2"]],
  ["llama3.2", configure([], vllm), ["vllm", "llama3.2"]],
  ["lm_studio/some-model", configure([]), ["lmstudio", "some-model"]],
  ["hosted_vllm/org/model", configure([], vllm), ["vllm", "org/model"]],
  ["aihubmix/anthropic/claude-3", configure(["aihubmix"]), ["aihubmix", "claude-3"]],
  [
    "companyProxy/gpt-4",
    configure(["openai"], { companyProxy: "http://proxy/v1" }),
    ["companyProxy", "gpt-4"],
  ],
  ["anything", configure([], { companyProxy: "http://proxy/v1" }), ["companyProxy", "anything"]],
])("%s goes with %j to %j", (model, providers, [provider, bareModel, temperature]) => {
  const config = { ...defaultConfig, providers };
  const resolved = resolveModel({ config, keyring: emptyKeyring, model });
  expect([resolved.name, resolved.model, resolved.temperature]).toEqual([provider, bareModel, temperature]);
});
