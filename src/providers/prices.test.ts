import { expect, test } from "bun:test";
import { catalog } from "./catalog.ts";
import { findListedPrice } from "./prices.ts";

test.each([
  ["gpt-5.5", 30],
  ["openai/gpt-5.5", 30],
  ["gpt-5.4-mini-2026-03-17", 4.5],
  ["Claude-Opus-5-5@20260901", 20],
])("%s costs what its maker lists", (name, output) => {
  expect(findListedPrice(name)?.output).toBe(output);
});

test.each([
  "gpt-5.5-turbo",
  "my-claude-sonnet-5-5",
  "claude-sonnet",
  "",
  "__proto__",
  "toString",
  "gpt-5.5:free",
])("%j is nobody's relative", (name) => expect(findListedPrice(name)).toBeUndefined());

test("what is proposed to who has a key of Anthropic, OpenAI, Google or DeepSeek has a price", () => {
  for (const maker of ["anthropic", "openai", "gemini", "deepseek"]) {
    const model = catalog.find(({ name }) => name === maker)?.defaultModel ?? "";
    expect([model, findListedPrice(model) !== undefined]).toEqual([model, true]);
  }
});

test("no price is free, and reading from a cache costs less than what is new", () => {
  for (const name of ["claude-opus-5-5", "gpt-5.5", "gemini-3.6-flash", "deepseek-v4-pro"]) {
    const { input = 0, output = 0, cacheRead = 0 } = findListedPrice(name) ?? {};
    expect([cacheRead > 0, cacheRead < input, input < output]).toEqual([true, true, true]);
  }
});
