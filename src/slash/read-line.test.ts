import { expect, test } from "bun:test";
import { readChatLine, type ChatLine } from "./read-line.ts";

const table: readonly (readonly [text: string, word: string, argument: string, isFor: ChatLine["isFor"]])[] =
  [
    ["/new", "new", "", "anyone"],
    ["  /NEW  ", "new", "", "anyone"],
    ["/model fake-2", "model", "fake-2", "anyone"],
    ["/compact the names\nand the dates", "compact", "the names\nand the dates", "anyone"],
    ["/new@andy", "new", "", "us"],
    ["/new@ANDY please", "new", "please", "us"],
    ["/weather@otherbot Berlin", "weather", "Berlin", "other"],
    ["@Andy /new", "new", "", "us"],
    ["@Andy, /new", "new", "", "us"],
    ["@andy/new", "new", "", "us"],
    ["@Bob /new", "new", "", "other"],
    ["<@U123> /status", "status", "", "other"],
    ["@Andy /new@bob", "new", "", "other"],
    ["\u200b/stop\u200b", "stop", "", "anyone"],
    ["／new", "new", "", "anyone"],
    ["/帮助", "帮助", "", "anyone"],
  ];

test.each(table)("%p is /%s", (text, word, argument, isFor) => {
  expect(readChatLine(text, "Andy")).toEqual({ word, argument, isFor });
});

test("a name of several words, or of any script, may stand before it", () => {
  expect(readChatLine("@Andy Bot /new", "Andy Bot")).toMatchObject({ word: "new", isFor: "us" });
  expect(readChatLine("@小明/new", "小明")).toMatchObject({ word: "new", isFor: "us" });
  expect(readChatLine("@Jose\u0301 /new", "José")).toMatchObject({ word: "new", isFor: "us" });
});

test.each([
  "/etc/hosts: what is it?",
  "/",
  "// a comment",
  "what does /new do?",
  "say /new",
  "@Andy please /new",
  "@Andy what is /etc?",
  "and/or",
  "1/2",
  "/2 of it",
  "",
])("%p is no command", (text) => {
  expect(readChatLine(text, "Andy")).toBeUndefined();
});
