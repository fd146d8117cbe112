import { expect, test } from "bun:test";
import { toProviderName } from "../config/names.ts";
import { catalog, findEntry, recogniseKey } from "./catalog.ts";

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
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      expect(toProviderName(name)).toBe(name);
      expect(findEntry(name)).toBe(entry);
    }
    expect(entry.kind === "local" || entry.defaultModel !== undefined).toBe(true);
    expect(entry.kind === "local" || entry.apiBase.startsWith("https://")).toBe(true);
  }
});
