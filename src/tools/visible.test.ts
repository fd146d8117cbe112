import { expect, test } from "bun:test";
import { cutWhole, toVisible, toVisibleLine } from "./visible.ts";

test("newline, tab and every other language stay as they are", () => {
  const text = "a\tb\nÄ 漢字 עברית 👩‍👩‍👧 ﷽\n";
  expect(toVisible(text)).toBe(text);
});

test("control characters are shown, and nothing can hide what it overwrites", () => {
  expect(toVisible("\u0000\u0007\b\u001b[2J\u007f\u009b31m")).toBe("␀␇␈␛[2J␡\\x9b31m");
  expect(toVisible("shown\rhidden\r\nnext")).toBe("shown\nhidden\nnext");
});

test("half a surrogate pair becomes the replacement character", () => {
  expect(toVisible("a\ud83d")).toBe("a\ufffd");
});

test("a line is one line, cut to its limit", () => {
  expect(toVisibleLine("a\n\tb\u001b", 10)).toBe("a  b␛");
  expect(toVisibleLine("rm \u202etxt.exe", 20)).toBe("rm \\u202etxt.exe");
  expect(toVisibleLine("x".repeat(50), 10)).toBe(`${"x".repeat(9)}…`);
  expect(toVisibleLine("x".repeat(11), 10)).toBe(`${"x".repeat(9)}…`);
  expect(toVisibleLine("x".repeat(10), 10)).toBe("x".repeat(10));
});

test("a cut never leaves half a character", () => {
  expect(cutWhole("a👍b", 2)).toBe("a");
  expect(cutWhole("a👍b", 3)).toBe("a👍");
});
