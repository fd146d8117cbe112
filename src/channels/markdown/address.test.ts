import { expect, test } from "bun:test";
import { isMisleading } from "./address.ts";

test("words that are an address, or hold one, lead there or pretend to", () => {
  const bank = "https://bank.example/login";
  for (const words of [
    "https://bank.example",
    "bank.example/a?b",
    "Bank.Example",
    "see https://bank.example.",
    "log in",
  ]) {
    expect([words, isMisleading(words, bank)]).toEqual([words, false]);
  }
  for (const words of [
    "https://bank.example",
    "bank.example",
    "bank。example",
    "go to https://bank.example now",
    "(https://bank.example)",
    "www.bank.example or else",
    "https://evil.example, no, http://bank.example",
  ]) {
    expect([words, isMisleading(words, "https://evil.example/")]).toEqual([words, true]);
  }
  expect(isMisleading("a@b.example", "mailto:c@d.example")).toBe(true);
  expect(isMisleading("a@b.example", "mailto:a@b.example")).toBe(false);
  expect(isMisleading("log in", "https://bank.example@evil.example/")).toBe(true);
});

test("a long word costs what it is long", () => {
  const began = performance.now();
  for (const word of ["a", "a.", "a@", "http://", "www."])
    isMisleading(word.repeat(50_000), "https://evil.example/");
  expect(performance.now() - began).toBeLessThan(1000);
});
