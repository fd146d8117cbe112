import { expect, test } from "bun:test";
import { toArgumentsObject } from "./tool-calls.ts";

test.each([
  ['{"path":"a"}', { path: "a" }],
  ["[1]", {}],
  ["null", {}],
  ["", {}],
  ['{"path":', {}],
])("%p is sent back as %p", (text, expected) => {
  expect(toArgumentsObject(text)).toEqual(expected);
});

test("what is nested too deep to be written again is sent back empty", () => {
  const text = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  expect(() => JSON.stringify(JSON.parse(text))).toThrow(RangeError);
  expect(toArgumentsObject(text)).toEqual({});
});

test("brackets in a text are no nesting", () => {
  const input = { content: '[{"\\'.repeat(100_000), list: [[[1]]] };
  expect(toArgumentsObject(JSON.stringify(input))).toEqual(input);
});
