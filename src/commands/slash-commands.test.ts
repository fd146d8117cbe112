import { expect, test } from "bun:test";
import { parsePromptLine } from "./slash-commands.ts";

test.each(["exit", "quit", "/exit", "/QUIT", " :q ", "Exit"])("%p leaves", (line) => {
  expect(parsePromptLine(line)).toEqual({ type: "command", name: "quit", argument: "" });
});

test.each([
  "exit the building",
  "/etc/hosts: what is it?",
  "/",
  "// a comment",
  "what does /new do?",
  "quit?",
])("%p is a message", (line) => {
  expect(parsePromptLine(line)).toEqual({ type: "message", text: line });
});

test("a command may have an argument", () => {
  expect(parsePromptLine("/model  fake-2 ")).toEqual({ type: "command", name: "model", argument: "fake-2" });
});

test("a mistyped command names the nearest", () => {
  expect(parsePromptLine("/staus")).toEqual({ type: "unknown", typed: "/staus", nearest: "/status" });
  expect(parsePromptLine("/frobnicate")).toEqual({
    type: "unknown",
    typed: "/frobnicate",
    nearest: undefined,
  });
});
