import { expect, test } from "bun:test";
import { AppError } from "../errors.ts";
import { type ArgumentSpec, parseArguments } from "./arguments.ts";

const spec: ArgumentSpec = {
  flags: [
    { name: "message", short: "m", value: "TEXT", says: "" },
    { name: "folder", value: "PATH", isRepeatable: true, says: "" },
    { name: "json", short: "j", says: "" },
    { name: "logs", short: "l", says: "" },
  ],
  words: [{ name: "NAME", isOptional: true }],
};

function problemOf(argv: readonly string[], of: ArgumentSpec = spec): AppError {
  try {
    parseArguments(argv, of);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("It was accepted");
}

test.each([
  [["-m", "hi"]],
  [["-mhi"]],
  [["-m=hi"]],
  [["--message", "hi"]],
  [["--message=hi"]],
  [["-jm", "hi"]],
  [["-jlmhi"]],
])("%j says hi", (argv) => {
  expect(parseArguments(argv, spec).value("message")).toBe("hi");
});

test("switches can stand together behind one dash", () => {
  const parsed = parseArguments(["-jl"], spec);
  expect([parsed.has("json"), parsed.has("logs"), parsed.has("message")]).toEqual([true, true, false]);
});

test("a value may begin with a dash, be empty or hold an equals sign", () => {
  expect(parseArguments(["-m", "- buy milk"], spec).value("message")).toBe("- buy milk");
  expect(parseArguments(["--message="], spec).value("message")).toBe("");
  expect(parseArguments(["--message=a=b"], spec).value("message")).toBe("a=b");
});

test("a repeatable flag keeps all its values in order", () => {
  expect(parseArguments(["--folder", "a", "--folder=b:rw"], spec).values("folder")).toEqual(["a", "b:rw"]);
});

test("what stands behind -- is a word", () => {
  expect(parseArguments(["--", "--json"], spec).words).toEqual(["--json"]);
});

test("a lone dash is a word", () => {
  expect(parseArguments(["-"], spec).words).toEqual(["-"]);
});

test.each([
  [["--mesage", "x"], 'Unknown flag "--mesage". Did you mean --message?'],
  [["-json"], 'Unknown flag "-s".'],
  [["-x"], 'Unknown flag "-x".'],
  [["-m"], "-m needs a value: -m TEXT."],
  [["--message", "--json"], "--message needs a value: --message TEXT."],
  [["--json=yes"], "--json takes no value."],
  [["-m", "a", "-m", "b"], "--message was given twice."],
  [["a", "b"], 'Unexpected word "b".'],
])("%j is wrong usage: %s", (argv, message) => {
  const problem = problemOf(argv);
  expect(problem.message).toBe(message);
  expect(problem.code).toBe("usage");
});

test("a missing word is named", () => {
  expect(problemOf([], { flags: [], words: [{ name: "NAME" }] }).message).toBe("NAME is missing.");
});

test("with --help a missing word is forgiven", () => {
  expect(parseArguments(["--help"], { flags: [], words: [{ name: "NAME" }] }).has("help")).toBe(true);
});

test("a command that reads its own words gets them untouched", () => {
  const parsed = parseArguments(["set", "key", "-5"], { flags: [], words: [], readsOwnWords: true });
  expect(parsed.raw).toEqual(["set", "key", "-5"]);
});

test("asking for a flag that the table does not have is a bug", () => {
  expect(() => parseArguments([], spec).has("jsn")).toThrow("has no flag --jsn");
});
