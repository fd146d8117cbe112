import { expect, test } from "bun:test";
import { catalog, findEntry, recogniseKey } from "./catalog.ts";
import { matchProvider, type ProviderSettings } from "./match.ts";

type Expected = readonly [provider: string, model: string, temperature?: number];

function configure(
  keys: readonly string[],
  bases: Readonly<Record<string, string>> = {},
): Record<string, ProviderSettings> {
  const names = new Set([...keys, ...Object.keys(bases)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const apiBase = bases[name];
      return [name, { hasKey: keys.includes(name), ...(apiBase === undefined ? {} : { apiBase }) }];
    }),
  );
}

const vllm = { vllm: "http://localhost:8000/v1" };
const ollama = { ollama: "http://localhost:11434/v1" };

test.each<[model: string, settings: Record<string, ProviderSettings>, expected: Expected]>([
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
])("%s goes with %j to %j", (model, settings, [provider, wireModel, temperature]) => {
  const match = matchProvider(model, settings);
  expect(match).toEqual({
    provider,
    model: wireModel,
    ...(temperature === undefined ? {} : { temperature }),
  });
});

test("a provider that is named is taken, in any spelling", () => {
  expect(matchProvider("llama3.2", configure(["openai"]), "ollama")).toEqual({
    provider: "ollama",
    model: "llama3.2",
  });
  expect(matchProvider("x", {}, "lmStudio")?.provider).toBe("lmstudio");
  const custom = configure([], { companyProxy: "http://proxy/v1" });
  expect(matchProvider("org/gpt-4", custom, "companyProxy")).toEqual({
    provider: "companyProxy",
    model: "org/gpt-4",
  });
  expect(matchProvider("x", {}, "unheardOf")).toBeUndefined();
});

test("with nothing configured nothing is chosen", () => {
  expect(matchProvider("gpt-4o", {})).toBeUndefined();
  expect(matchProvider("gpt-4o", { openai: { hasKey: false } })).toBeUndefined();
});

test.each([
  ["sk-ant-api03-abc", "anthropic"],
  ["sk-or-v1-abc", "openrouter"],
  ["sk-proj-abc", "openai"],
  [`sk-${"a1".repeat(24)}`, "openai"],
  [" gsk_abc\n", "groq"],
  ["AIzaSyA", "gemini"],
  ["vck_abc", "vercel"],
  ["sk-0123456789abcdef0123456789abcdef", undefined],
  ["hello", undefined],
])("the key %p is of %p", (text, name) => {
  expect(recogniseKey(text)?.name).toBe(name);
});

test("names in the catalogue are unique, and its addresses are addresses", () => {
  expect(new Set(catalog.map((entry) => entry.name)).size).toBe(catalog.length);
  for (const entry of catalog) {
    expect(URL.canParse(entry.apiBase)).toBe(true);
    expect(findEntry(entry.name)).toBe(entry);
    expect(entry.kind === "local" || entry.defaultModel !== undefined).toBe(true);
    expect(entry.kind === "local" || entry.apiBase.startsWith("https://")).toBe(true);
  }
});
