import { expect, test } from "bun:test";
import { JsoncError, type JsonNode, parseJsonc } from "./jsonc.ts";

function toValue(node: JsonNode): unknown {
  switch (node.type) {
    case "object":
      return Object.fromEntries(node.members.map(({ key, value }) => [key, toValue(value)]));
    case "array":
      return node.items.map(toValue);
    default:
      return node.value;
  }
}

test("comments, trailing commas and a byte order mark are read over", () => {
  const text = '\uFEFF// top\n{ /* a */ "a": 1, // one\n "b": [true, null, "x//y",], }\n// end';
  expect(toValue(parseJsonc(text))).toEqual({ a: 1, b: [true, null, "x//y"] });
});

test("an empty text and one of comments only are an empty object", () => {
  for (const text of ["", "  \n", "// nothing yet\n", "/* nothing */"]) {
    expect(toValue(parseJsonc(text))).toEqual({});
  }
});

test("whatever JSON can say is read as JSON.parse reads it", () => {
  const text = JSON.stringify({
    "é\n": ["\u2028", '"\\/', "😀", -1.5e-7, 0, {}, [], false],
    "": { "a.b": null },
  });
  expect(toValue(parseJsonc(text))).toEqual(JSON.parse(text));
});

const broken: readonly (readonly [text: string, message: string, start: number])[] = [
  ['{"a": 1', "the file ends before this { is closed", 0],
  ['{"a": [1', "the file ends before this [ is closed", 6],
  ['{"a": "x\n"}', "this text is never closed: a double quote is missing", 6],
  ['{"a": "x\\', "this text is never closed: a double quote is missing", 6],
  ['{"a": 1 "b": 2}', "a comma or } is missing before this", 8],
  ['{"a" 1}', "a colon is missing between the key and its value", 5],
  ['{"a": }', "a value is missing here", 6],
  ["{a: 1}", "a key must stand in double quotes", 1],
  ["{'a': 1}", "a key must stand in double quotes", 1],
  ['{"a": sk-x}', "text must stand in double quotes", 6],
  ['{"a": 01}', "text must stand in double quotes", 6],
  ['{"a": 1,,}', "there is one comma too many", 8],
  ['{"a": "C:\\dir"}', "a backslash must be written twice in text", 9],
  ['{"a": "\\u12"}', "a backslash must be written twice in text", 7],
  ['{"a": 1} x', "there is more text after the end", 9],
  ["{} /* x", "this comment is never closed: */ is missing", 3],
  ['{"a": [1}', "a comma or ] is missing before this", 8],
];

test.each(broken)("%j: %s", (text, message, start) => {
  try {
    parseJsonc(text);
    throw new Error("it was read");
  } catch (error) {
    expect(error).toBeInstanceOf(JsoncError);
    if (error instanceof JsoncError) expect([error.message, error.range.start]).toEqual([message, start]);
  }
});

test("brackets inside one another end in an error and not in a full stack", () => {
  expect(() => parseJsonc("[".repeat(100_000))).toThrow("more than 64 brackets inside one another");
});
