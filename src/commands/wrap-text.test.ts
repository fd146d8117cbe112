import { expect, test } from "bun:test";
import { wrapLines } from "./wrap-text.ts";

test("a sentence is broken between words, and what fits stays as it is", () => {
  expect(wrapLines("a sentence that is longer than its terminal is wide\nshort\n", 30)).toBe(
    "a sentence that is longer than\nits terminal is wide\nshort\n",
  );
});

test("what explains a word stays beside it where there is room, else below it", () => {
  const row = "  /undo [TO]  put the files back as they were before\n";
  expect(wrapLines(row, 40)).toBe("  /undo [TO]  put the files back as they\n              were before\n");
  expect(wrapLines(row, 30)).toBe("  /undo [TO]\n      put the files back as\n      they were before\n");
});

test("letters that need no spaces between them are broken anywhere, and count twice", () => {
  expect(wrapLines(`  @PATH  ${"附".repeat(20)}\n`, 40)).toBe(
    `  @PATH  ${"附".repeat(15)}\n         ${"附".repeat(5)}\n`,
  );
});

test("a line that is still being written keeps its spaces", () => {
  const open = "word ".repeat(20);
  expect(wrapLines(`one\n${open}`, 30)).toBe(`one\n${open}`);
  expect(wrapLines(" ", 30)).toBe(" ");
});
