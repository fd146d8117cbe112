import { expect, test } from "bun:test";
import type { KeyName } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";

/** The text with a bar where the cursor is. */
function edit(text: string, ...steps: readonly (KeyName | { insert: string })[]): string {
  const buffer = new LineBuffer();
  buffer.replace(text);
  for (const step of steps) {
    if (typeof step === "string") buffer.press(step);
    else buffer.insert(step.insert);
  }
  return `${buffer.text.slice(0, buffer.cursor)}|${buffer.text.slice(buffer.cursor)}`;
}

test("a character that a person sees as one is deleted and passed as one", () => {
  expect(edit("a👩‍👩‍👧‍👦", "backspace")).toBe("a|");
  expect(edit("ae\u0301b", "left", "left")).toBe("a|e\u0301b");
  expect(edit("日本", "home", "delete")).toBe("|本");
});

test("words are passed and deleted whole, in any script", () => {
  expect(edit("foo bar-baz", "word-left")).toBe("foo bar-|baz");
  expect(edit("größe über", "delete-word")).toBe("größe |");
  expect(edit("foo bar", "home", "word-right")).toBe("foo| bar");
  expect(edit("foo bar", "home", "delete-word-right")).toBe("| bar");
});

test("line keys stay in their line", () => {
  expect(edit("one\ntwo", "home")).toBe("one\n|two");
  expect(edit("one\ntwo", "delete-to-start")).toBe("one\n|");
  expect(edit("one\ntwo", "up", "delete-to-end")).toBe("one|\ntwo");
});

test("up and down aim at one column, over shorter lines too, and say when there is no line to go to", () => {
  expect(edit("long line\nab\nxyz", "up", "up")).toBe("lon|g line\nab\nxyz");
  const buffer = new LineBuffer();
  buffer.replace("only");
  expect([buffer.press("up"), buffer.press("down")]).toEqual([false, false]);
});

test("an empty first line can be reached", () => {
  expect(edit("\nab", "up", { insert: "x" })).toBe("x|\nab");
});

test("two neighbours change places", () => {
  expect(edit("teh", "left", "transpose")).toBe("the|");
});

test("what is inserted stands before the cursor", () => {
  expect(edit("ac", "left", { insert: "b" }, "newline")).toBe("ab\n|c");
});
