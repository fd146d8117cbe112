import { expect, test } from "bun:test";
import { findJsonFault } from "./json-fault.ts";
import { parseArguments } from "./parse-arguments.ts";
import { peekArguments } from "./peek-arguments.ts";

const schema = { type: "object", properties: { path: { type: "string" } } };

test("nothing and null are the empty object", () => {
  for (const text of ["", "  \n", "null", "{}"]) expect(parseArguments("t", schema, text)).toEqual({});
});

test("text that is not JSON is refused with the place and its beginning", () => {
  expect(() => parseArguments("read_file", schema, '{"path": "a" "b"}')).toThrow(
    'The arguments of read_file are not JSON: unexpected "\\"" at position 13 of 17. They begin with "{\\"path\\": \\"a\\" \\"b\\"}".',
  );
});

test.each([
  ["{", 1, "unexpected end"],
  ['{"a"', 4, "unexpected end"],
  ['{"a":tru}', 5, 'unexpected "t"'],
  ["{a:1}", 1, 'unexpected "a"'],
  ['{"a":1,}', 7, 'unexpected "}"'],
  ["[1,]", 3, 'unexpected "]"'],
  ["[1}", 2, 'unexpected "}"'],
  ['{"a":01}', 5, 'unexpected "0"'],
  ["{} x", 3, 'unexpected "x"'],
  ['{"a":"line\nbreak"}', 10, '"\\n" inside a string'],
  ['{"a":"\\x"}', 6, '"\\\\" inside a string'],
  ['{"a":"b', 7, "a string that never ends"],
  ["'a'", 0, `unexpected "'"`],
])("in %j the fault is at %d: %s", (text, position, reason) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(findJsonFault(text)).toEqual({ position, reason });
});

test("the fault of a long text is found in no time", () => {
  const text = `{"a":"${"x".repeat(1_900_000)}"`;
  const before = process.cpuUsage();
  expect(findJsonFault(text).position).toBe(text.length);
  expect(findJsonFault("[".repeat(1_000_000)).position).toBe(1_000_000);
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
});

test("arguments beyond the limit are not even parsed", () => {
  const text = JSON.stringify({ path: "x".repeat(2_000_000) });
  expect(() => parseArguments("t", schema, text)).toThrow("2000000 are allowed");
  expect(peekArguments(text)).toEqual({});
});

test.each(["a", "ab cd ", "\\n", "é🙂", "\u0085", "\\u00e9x"])(
  "a string of %j that never ends is told of at once, however long it is",
  (part) => {
    const text = `{"command":"${part.repeat(Math.ceil(500_000 / part.length))}`;
    const before = process.cpuUsage();
    expect(() => parseArguments("shell", {}, text)).toThrow("a string that never ends");
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
  },
);
