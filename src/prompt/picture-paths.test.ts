import { expect, test } from "bun:test";
import { findPicturePaths, toPastedText } from "./picture-paths.ts";

const written: readonly (readonly [string, readonly string[]])[] = [
  ["/a/cat.png", ["/a/cat.png"]],
  ["'/a/my cat.png' ", ["/a/my cat.png"]],
  ['"/a/my cat.jpeg"', ["/a/my cat.jpeg"]],
  ["/a/my\\ cat\\ \\(1\\).PNG", ["/a/my cat (1).PNG"]],
  ["'/a/it'\\''s.png'", ["/a/it's.png"]],
  ["~/cat.webp", ["~/cat.webp"]],
  ["file:///a/my%20cat.gif", ["/a/my cat.gif"]],
  ["/a/猫.png /b/dog.png", ["/a/猫.png", "/b/dog.png"]],
];

test.each(written)("%s is a picture that was dragged into the terminal", (line, paths) => {
  expect(findPicturePaths(line)).toEqual(paths);
});

test.each([
  "see /a/cat.png",
  "/a/cat.png?",
  "/a/cat.txt",
  "cat.png",
  "'/a/cat.png",
  "file:///a/%zz.png",
  "/help",
  "",
])("%p are words", (line) => {
  expect(findPicturePaths(line)).toEqual([]);
});

test("a long line without a space is looked through at once", () => {
  const start = performance.now();
  findPicturePaths("'\\".repeat(1_000_000));
  findPicturePaths("'\\".repeat(4_000));
  expect(performance.now() - start).toBeLessThan(500);
});

test("a picture that is pasted amid words is attached where it stands", () => {
  expect(toPastedText("'/a/my cat.png'", "what is this?")).toBe(' @"/a/my cat.png" ');
  expect(toPastedText("/a/cat.png /b/dog.png ", "compare ")).toBe("@/a/cat.png @/b/dog.png ");
  expect(toPastedText("/a/cat.png", "")).toBe("@/a/cat.png ");
});

test("any other paste stays as it is", () => {
  for (const pasted of ["look at /a/cat.png", "/a/cat.png\nmore", "'/a/\".png'", "x".repeat(100_000)]) {
    expect(toPastedText(pasted, "see")).toBe(pasted);
  }
  expect(toPastedText("/a/cat.png", "!file ")).toBe("/a/cat.png");
  expect(toPastedText("/a/cat.png", "/export ")).toBe("/a/cat.png");
});
