import { expect, test } from "bun:test";
import { toLocalTime } from "./local-time.ts";

test.each([
  ["day", "2026-03-04"],
  ["minute", "2026-03-04 05:06"],
  ["second", "2026-03-04 05:06:07"],
  ["millisecond", "2026-03-04 05:06:07.008"],
] as const)("to the %s it is what the clock on the wall shows", (length, text) => {
  expect(toLocalTime(new Date(2026, 2, 4, 5, 6, 7, 8), length)).toBe(text);
});
