import { expect, test } from "bun:test";
import type { Message } from "../providers/provider.ts";
import type { Entry, EntryKind } from "../store/entries.ts";
import { toGroupId, toSessionId, toTurnId } from "../store/ids.ts";
import { toFileName, toExportJson, toMarkdown } from "./export-session.ts";
import type { SessionContent } from "./session-shelf.ts";

const at = new Date(Date.UTC(2026, 0, 31, 12));

function toEntry(kind: EntryKind, message: Message, more: Partial<Entry> = {}): Entry {
  const turn = toTurnId(1);
  return { sequence: 1, turn, kind, message, taint: 0, createdAt: at, isReplaced: false, ...more };
}

const user = (text: string): Message => ({
  role: "user",
  content: [text, "<context>\nNow\n</context>"].map((part) => ({ type: "text", text: part })),
});

const content: SessionContent = {
  session: {
    id: toSessionId(7),
    group: toGroupId(1),
    name: undefined,
    isCurrent: true,
    prefix: undefined,
    createdAt: at,
    taint: 0,
    entries: 5,
    lastAt: at,
    firstWords: "hello",
  },
  entries: [
    toEntry("user", user("gone"), { isReplaced: true }),
    toEntry("user", user("hello")),
    toEntry("assistant", {
      role: "assistant",
      content: [
        { type: "thinking", text: "secret thoughts" },
        { type: "text", text: "Looking." },
        { type: "tool-call", id: "a", name: "shell", arguments: '{"command":"cat x"}' },
      ],
    }),
    toEntry("tool", {
      role: "tool",
      callId: "a",
      name: "shell",
      content: "```\nfenced\n````",
      isError: true,
    }),
    toEntry(
      "user",
      {
        role: "user",
        content: [
          { type: "text", text: "!ls" },
          { type: "text", text: "out" },
        ],
      },
      {
        turn: undefined,
      },
    ),
  ],
};

test("as Markdown it reads as a conversation: no context, no thoughts, nothing that was replaced", () => {
  const text = toMarkdown(content);
  expect(text).toStartWith("# Session 7\n");
  expect(text).toContain("## You · 2026-01-31 12:00\n\nhello\n");
  expect(text).toContain("## Assistant · 2026-01-31 12:00\n\nLooking.\n");
  expect(text).toContain("!ls\n\n```\nout\n```");
  expect(text).not.toMatch(/gone|<context>|secret thoughts/);
});

test("no text can end the block that it stands in", () => {
  expect(toMarkdown(content)).toContain("Result of `shell` (failed):\n\n`````\n```\nfenced\n````\n`````\n");
});

test("as JSON all of it is there", () => {
  const parsed: unknown = JSON.parse(toExportJson(content));
  expect(parsed).toMatchObject({
    id: 7,
    name: null,
    entries: [{ isReplaced: true }, {}, {}, {}, { turn: null }],
  });
});

test.each([
  [undefined, "nanoclaw-7.md"],
  ["Trip to Rome", "nanoclaw-trip-to-rome.md"],
  ["../../etc/passwd", "nanoclaw-etc-passwd.md"],
  ["Über­größe", "nanoclaw-uber-gro-e.md"],
  ["日本", "nanoclaw-7.md"],
])("the name %p makes the file %p", (name, file) => {
  expect(toFileName({ id: toSessionId(7), name })).toBe(file);
});
