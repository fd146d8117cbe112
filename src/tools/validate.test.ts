import { expect, test } from "bun:test";
import { validate } from "./validate.ts";

const schema = {
  type: "object",
  properties: {
    query: { type: "string", minLength: 2 },
    count: { type: "integer", minimum: 1, maximum: 10 },
    mode: { type: "string", enum: ["fast", "full"] },
    meta: {
      type: "object",
      properties: {
        tag: { type: "string" },
        flags: { type: "array", items: { type: "string" } },
      },
      required: ["tag"],
    },
    flag: { type: "boolean" },
  },
  required: ["query", "count"],
};

test.each([
  [{ query: "hi" }, ["missing required count"]],
  [{ query: "hi", count: "two" }, ["count should be integer"]],
  [{ query: "hi", count: true }, ["count should be integer"]],
  [{ query: "hi", count: 2.5 }, ["count should be integer"]],
  [{ query: "hi", count: 11 }, ["count must be <= 10"]],
  [{ query: "hi", count: 0 }, ["count must be >= 1"]],
  [{ query: "h", count: 2 }, ["query must be at least 2 chars"]],
  [{ query: "hi", count: 2, mode: "slow" }, ['mode must be one of "fast", "full"']],
  [
    { query: "hi", count: 2, meta: { flags: [true, "ok"] } },
    ["missing required meta.tag", "meta.flags[0] should be string"],
  ],
  [{ query: "hi", count: 2, meta: [] }, ["meta should be object"]],
  [[], ["arguments should be object"]],
  ["text", ["arguments should be object"]],
])("%j is refused with %j", (value, problems) => {
  expect(validate(schema, value)).toEqual({ isValid: false, problems });
});

test("numbers and booleans that came as text, and numbers for text, are taken", () => {
  const value = { query: 42, count: " 5 ", flag: "True", meta: { tag: "t", flags: ["a", 1] } };
  expect(validate(schema, value)).toEqual({
    isValid: true,
    value: { query: "42", count: 5, flag: true, meta: { tag: "t", flags: ["a", "1"] } },
  });
});

test("text that only looks like a number stays an error", () => {
  for (const count of ["", " ", "5x", "0x5", "1e1", "Infinity", "NaN", "９"]) {
    expect(validate(schema, { query: "hi", count }).isValid).toBe(false);
  }
});

test("unknown fields are dropped, and null is the absence of a field", () => {
  const value = { query: "hi", count: 2, extra: "x", mode: null, meta: { tag: "t", extra: 1 } };
  expect(validate(schema, value)).toEqual({
    isValid: true,
    value: { query: "hi", count: 2, meta: { tag: "t" } },
  });
  expect(validate(schema, { query: null, count: 2 })).toEqual({
    isValid: false,
    problems: ["missing required query"],
  });
});

test("a schema without properties, or with additional ones, keeps what it is given", () => {
  const free = {
    type: "object",
    properties: { env: { type: "object" } },
    additionalProperties: { type: "integer" },
  };
  expect(validate(free, { env: { A: "b", C: [1] }, n: "3" })).toEqual({
    isValid: true,
    value: { env: { A: "b", C: [1] }, n: 3 },
  });
  expect(validate({ type: ["string", "null"] }, null)).toEqual({ isValid: true, value: null });
});

test("__proto__ and constructor reach nobody's prototype", () => {
  const hostile: unknown = JSON.parse(
    '{"query":"hi","count":2,"__proto__":{"flag":true},"constructor":{"prototype":{"flag":true}},"meta":{"tag":"t","__proto__":{"flags":1}}}',
  );
  const checked = validate(schema, hostile);
  expect(checked).toEqual({ isValid: true, value: { query: "hi", count: 2, meta: { tag: "t" } } });
  const free = validate({ type: "object" }, hostile);
  expect(JSON.stringify(free)).not.toContain("__proto__");
  expect(Object.hasOwn({}, "flag") || "flag" in {}).toBe(false);
});

test("nesting is followed to a limit", () => {
  const deep: unknown = JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`);
  const validation = validate({ type: "object" }, deep);
  expect(validation.isValid).toBe(false);
  const abyss: unknown = JSON.parse(`${"[".repeat(300_000)}${"]".repeat(300_000)}`);
  expect(validate({ type: "object", properties: { a: {} } }, { a: abyss }).isValid).toBe(false);
});

test("a flood of problems is cut at ten", () => {
  const value = {
    query: "hi",
    count: 1,
    meta: { tag: "t", flags: Array.from({ length: 5000 }, () => ({})) },
  };
  const validation = validate(schema, value);
  expect(validation.isValid ? 0 : validation.problems.length).toBe(10);
});
