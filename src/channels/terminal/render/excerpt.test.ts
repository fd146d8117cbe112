import { expect, test } from "bun:test";
import { formatExcerpt } from "./excerpt.ts";

const fold = (hidden: number): string => `… ${hidden} more lines`;

test("a short result is shown whole", () => {
  expect(formatExcerpt("one\ntwo\n", 40, fold)).toEqual(["    one", "    two"]);
  expect(formatExcerpt("", 40, fold)).toEqual([]);
});

test("of a long one the first and the last lines are shown, and how many are not", () => {
  const content = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
  expect(formatExcerpt(content, 40, fold)).toEqual(
    ["line 0", "line 1", "… 93 more lines", "line 95", "line 96", "line 97", "line 98", "line 99"].map(
      (line) => `    ${line}`,
    ),
  );
});

test("lines are no wider than the terminal and hold no sequences", () => {
  const [first = "", second] = formatExcerpt(`${"x".repeat(1_000_000)}\n\u001b[2J\ty`, 40, fold);
  expect(first).toBe(`    ${"x".repeat(34)}…`);
  expect(second).toBe("    ␛[2J  y");
});

test("ten megabytes are not looked through for it", () => {
  const before = performance.now();
  expect(formatExcerpt("a\u001b\n".repeat(3_000_000), 40, fold)).toHaveLength(8);
  expect(performance.now() - before).toBeLessThan(1000);
});
