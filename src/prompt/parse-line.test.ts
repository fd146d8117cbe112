import { expect, test } from "bun:test";
import { parsePromptLine, type PromptLine } from "./parse-line.ts";
import { slashCommands } from "./slash-commands.ts";

const parse = (line: string): PromptLine => parsePromptLine(line, slashCommands);

test.each(["exit", "quit", "/exit", "/QUIT", " :q ", "Exit"])("%p leaves", (line) => {
  expect(parse(line)).toMatchObject({ type: "command", command: { name: "quit" } });
});

test.each([
  "exit the building",
  "/etc/hosts: what is it?",
  "/",
  "// a comment",
  "what does /new do?",
  "quit?",
])("%p is a message", (line) => {
  expect(parse(line)).toEqual({ type: "message", text: line });
});

test("a command may have an argument", () => {
  expect(parse("/model  fake-2 ")).toMatchObject({
    command: { name: "model" },
    argument: "fake-2",
  });
});

test("a mistyped command names the nearest", () => {
  expect(parse("/staus")).toEqual({ type: "unknown", typed: "/staus", nearest: "/status" });
  expect(parse("/frobnicate")).toEqual({
    type: "unknown",
    typed: "/frobnicate",
    nearest: undefined,
  });
});

test("a line behind an exclamation mark is for the sandbox", () => {
  expect(parse("!ls -l\n| wc")).toEqual({ type: "shell", command: "ls -l\n| wc" });
  expect(parse("!! really")).toEqual({ type: "message", text: "!! really" });
  expect(parse("!")).toEqual({ type: "message", text: "!" });
});
