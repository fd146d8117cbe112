import { expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { sanitizeLine, sanitizeText, TextSanitizer } from "./sanitize.ts";

// oxlint-disable-next-line no-control-regex -- they are what must not be there
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u;

const pieces = [
  "plain text",
  "\n",
  "\t",
  "\r\n",
  "\r",
  "\u001b[2J",
  "\u001b]52;c;aGk=\u0007",
  "\u001b]0;title\u001b\\",
  "\u009b31m",
  "\u0000",
  "\u007f",
  "\u202eevil",
  "\u2066",
  "👩‍👩‍👧‍👦",
  "e\u0301",
  "\ud83d",
  "\ude00",
  "日本語",
  "שלום",
  "\u{e0041}",
  "\u0085",
  "\u2028",
  "\u0301".repeat(7),
  "\u{1e8d0}",
] as const;

function createText(random: (below: number) => number): string {
  return Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
}

function sanitizeInChunks(text: string, random: (below: number) => number): string {
  const sanitizer = new TextSanitizer();
  let result = "";
  for (let place = 0; place < text.length;) {
    const size = 1 + random(5);
    result += sanitizer.push(text.slice(place, place + size));
    place += size;
  }
  return result + sanitizer.end();
}

test("whatever the text and wherever it is cut, no control character comes out", () => {
  for (let seed = 0; seed < 3000; seed++) {
    const random = createChoice(seed);
    const text = createText(random);
    const result = sanitizeInChunks(text, random);
    expect(result).not.toMatch(dangerous);
    expect(result.isWellFormed()).toBe(true);
    expect(result).toBe(sanitizeText(text));
  }
});

test("ordinary text stays as it is", () => {
  const text = "Größe\tand\n日本語 👩‍👩‍👧‍👦 e\u0301 שלום ✓\n";
  expect(sanitizeText(text)).toBe(text);
});

test("what was hidden can be seen", () => {
  expect(sanitizeText("a\u001b[31mb\u0007\u007f\u009b\u202e")).toBe("a␛[31mb␇␡<U+009B><U+202E>");
});

test("a Windows line break is one line break, also across chunks", () => {
  const sanitizer = new TextSanitizer();
  expect(sanitizer.push("a\r") + sanitizer.push("\nb\rc") + sanitizer.end()).toBe("a\nb␍c");
});

test("a line stays a line", () => {
  expect(sanitizeLine("  $ echo\n\u001b[2Jrm\t-rf  ")).toBe("$ echo ␛[2Jrm -rf");
});

test("a pile of marks stays on its own line, however it comes", () => {
  const piled = `a${"\u0301".repeat(5000)}b`;
  expect(sanitizeText(piled)).toBe(`a${"\u0301".repeat(8)}b`);
  for (const size of [1, 3, 8, 9, 1000]) {
    const sanitizer = new TextSanitizer();
    let result = "";
    for (let place = 0; place < piled.length; place += size) {
      result += sanitizer.push(piled.slice(place, place + size));
    }
    expect(result + sanitizer.end()).toBe(sanitizeText(piled));
  }
});
