import { expect, test } from "bun:test";
import { formatChoice } from "./prompt-hint.ts";
import { toShownEntry, toWindow } from "./text-window.ts";

const words = { more: ({ count }: { count: number }) => `+${count}` };
const plain = { dim: (text: string) => text, bold: (text: string) => `[${text}]` };

test("of a long text the part around the cursor is looked at, whole characters of it", () => {
  const text = "👩‍👩‍👧‍👦".repeat(5000);
  const { before, after, isCut } = toWindow(text, 11 * 2500);
  expect([before.length < 5000, after.length < 5000, isCut]).toEqual([true, true, true]);
  expect(before.startsWith("👩‍👩‍👧‍👦")).toBe(true);
});

test("a short text is looked at whole", () => {
  expect(toWindow("abc", 1)).toEqual({ before: "a", after: "bc", isCut: false });
});

test("of a pasted book the beginning stays on the screen, and how much more there is", () => {
  expect(toShownEntry("short", words)).toBe("short");
  const lines = Array.from({ length: 500 }, (_, line) => `line ${line}`).join("\n");
  expect(toShownEntry(lines, words)).toMatch(/line 59\n\+\d+$/);
  expect(toShownEntry("x".repeat(10_000), words)).toBe(`${"x".repeat(4000)}\n+6000`);
});

test("as many candidates are shown as fit, around the chosen one", () => {
  const candidates = Array.from({ length: 30 }, (_, index) => ({ text: `candidate-${index}` }));
  const row = formatChoice({ candidates, chosen: 15 }, 60, plain);
  expect(row).toContain("[candidate-15]");
  expect(row).toMatch(/^‹ .* ›$/);
  expect(Bun.stringWidth(row.replace(/[[\]]/g, ""))).toBeLessThan(60);
});
