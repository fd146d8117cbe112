import { expect, test } from "bun:test";
import { parseGlob } from "./glob.ts";

test.each([
  ["", "", []],
  ["*.ts", "", ["*.ts"]],
  ["**/*.ts", "", ["*.ts"]],
  ["src/**/*.{js,ts}", "src/", ["*.js", "*.ts"]],
  ["src/**/**/x", "src/", ["x"]],
  ["a/b/*.md", "a/b/", ["*.md"]],
  ["{a,b}{1,2}", "", ["a1", "a2", "b1", "b2"]],
  ["{a,{b,c}}.x", "", ["a.x", "b.x", "a.x", "c.x"]],
  ["src/**", "src/", []],
  ["**", "", []],
  ["{", "", ["{"]],
])("%j searches in %j for %j", (glob, folder, names) => {
  expect(parseGlob(glob)).toEqual({ folder, names });
});

test("wildcards in the middle and too many alternatives are refused in words", () => {
  expect(() => parseGlob("src/*/x.ts")).toThrow("wildcards in its folder");
  expect(() => parseGlob("{a,b}".repeat(30))).toThrow("more than 32 alternatives");
});
