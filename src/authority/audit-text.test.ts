import { expect, test } from "bun:test";
import { toAuditText } from "./audit-text.ts";

test.each([
  "src/skills/morning-news/SKILL.md",
  "$ npm run build -- --watch",
  "notes/2026-01-31 Müller & Söhne, 日本語 👋.md",
  "a-long-file-name-with-many-words-in-it-but-nothing-secret-at-all.txt",
  "https://example.org/feeds/news?page=2",
])("%s stays as it is", (text) => {
  expect(toAuditText(text)).toBe(text);
});

test.each([
  ["a\u001b[2Jb\r\nc\u0000\u007f\u009b", "a�[2Jb��c���"],
  ["user\u202Etxt.exe\u2066\u200b\u{E0041}", "user�txt.exe���"],
  ["lone \ud800 half", "lone � half"],
])("nothing unprintable is stored of %j", (text, stored) => {
  expect(toAuditText(text)).toBe(stored);
});

test.each([
  "sk-ant-api03-AbCdEfGhIjKlMnOp",
  "ghp_0123456789abcdefghij",
  "github_pat_11ABCDEFG0123456789",
  "xoxb-1234567890-abcdefghijkl",
  "AIzaSyA1234567890abcdefghijk",
  "AKIAIOSFODNN7EXAMPLE",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_123",
  "0123456789abcdef0123456789abcdef01234567",
  "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
])("a key is not stored: %s", (key) => {
  for (const text of [key, `curl -H 'x: ${key}' y`, `--flag=${key}`, `${"y ".repeat(85)}${key}`]) {
    const stored = toAuditText(text);
    for (let at = 0; at + 12 <= key.length; at++) expect(stored).not.toContain(key.slice(at, at + 12));
  }
});

test.each([
  ["Authorization: Bearer abc", "Authorization: [secret]"],
  ["do BASIC abc now", "do [secret] now"],
  ["x/basic abc", "x/[secret]"],
  ["MY_API_KEY=hunter2 run", "[secret] run"],
  ['{"password": "hunter2"}', '{"[secret]'],
  ["https://me:hunter2@example.org/x", "https://[secret]example.org/x"],
  ["-----BEGIN PRIVATE KEY-----\nMIIE\n", "[secret]"],
])("%j is stored as %j", (text, stored) => {
  expect(toAuditText(text)).toBe(stored);
});

test("many short plain words are cut like any other text", () => {
  const words = "one two three ".repeat(20);
  expect(toAuditText(words)).toBe(`${words.slice(0, 199)}…`);
  expect(toAuditText(words.slice(0, 200))).toBe(words.slice(0, 200));
});

test("a long text is cut, quickly and between characters", () => {
  const started = performance.now();
  const stored = toAuditText("👋 key ".repeat(500_000));
  expect(performance.now() - started).toBeLessThan(100);
  expect(Array.from(stored)).toHaveLength(200);
  expect(stored).toEndWith("…");
  expect(stored.isWellFormed()).toBe(true);
});

test.each(["a-", "key ", "-", "A1", "sk-", "secret", "basic ", "eyJ.", "=", ":/"])(
  "no repetition of %j makes it slow",
  (piece) => {
    const started = performance.now();
    toAuditText(piece.repeat(5_000));
    expect(performance.now() - started).toBeLessThan(200);
  },
);
