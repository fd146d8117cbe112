import { expect, test } from "bun:test";
import type { Message } from "../providers/provider.ts";
import { interruptedResult, toTranscript } from "./transcript.ts";

const user: Message = { role: "user", content: [{ type: "text", text: "hi" }] };
const calls: Message = {
  role: "assistant",
  content: [
    { type: "text", text: "look" },
    { type: "tool-call", id: "a", name: "work", arguments: "{}" },
    { type: "tool-call", id: "b", name: "work", arguments: "{}" },
  ],
};
const resultOf = (callId: string): Message => ({
  role: "tool",
  callId,
  name: "work",
  content: callId,
  isError: false,
});
const story: Message[] = [
  user,
  calls,
  resultOf("a"),
  resultOf("b"),
  { role: "assistant", content: [{ type: "text", text: "done" }] },
  user,
];

/** Each call has exactly one result, right behind it and in order; a user comes first. */
function isWellFormed(messages: readonly Message[]): boolean {
  const expected: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (index === 0 && message.role !== "user") return false;
    if (message.role === "tool") {
      if (expected.shift() !== message.callId) return false;
      continue;
    }
    if (expected.length > 0) return false;
    if (message.role !== "assistant") continue;
    if (message.content.length === 0) return false;
    for (const part of message.content) if (part.type === "tool-call") expected.push(part.id);
  }
  return expected.length === 0;
}

test("a whole story stays as it is", () => {
  expect(toTranscript(story)).toEqual(story);
});

test("results in the order in which they came are put in the order of the calls", () => {
  expect(toTranscript([user, calls, resultOf("b"), resultOf("a")])).toEqual([
    user,
    calls,
    resultOf("a"),
    resultOf("b"),
  ]);
});

test("a story cut after, without or twice with any of its messages is well formed", () => {
  for (let index = 0; index < story.length; index++) {
    expect(isWellFormed(toTranscript(story.slice(0, index + 1)))).toBe(true);
    expect(isWellFormed(toTranscript(story.toSpliced(index, 1)))).toBe(true);
    expect(isWellFormed(toTranscript(story.toSpliced(index, 0, resultOf("a"))))).toBe(true);
    expect(isWellFormed(toTranscript(story.toSpliced(index, 0, resultOf("stranger"))))).toBe(true);
    expect(isWellFormed(toTranscript(story.slice(index)))).toBe(true);
  }
});

test("a call whose result was lost is said to have been interrupted", () => {
  const results = toTranscript([user, calls, resultOf("a")]).filter((message) => message.role === "tool");
  expect(results.map((message) => [message.content, message.isError])).toEqual([
    ["a", false],
    [interruptedResult, true],
  ]);
});
