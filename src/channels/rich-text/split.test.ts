import { describe, expect, test } from "bun:test";
import { createMarkdown } from "../../../test/fakes/random-markdown.ts";
import { createChoice } from "../../../test/fakes/random.ts";
import { judgeMarkdown } from "../../../test/fakes/telegram/judge-markdown.ts";
import { toFormatted } from "./format.ts";
import { splitFormatted } from "./split.ts";

function split(markdown: string, units: number) {
  return splitFormatted(toFormatted(markdown), { units, entities: 100 });
}

describe("a long text becomes several messages", () => {
  test("that end where a paragraph, a line or a word does", () => {
    const texts = (markdown: string, units: number) => split(markdown, units).map(({ text }) => text);
    expect(texts("one two\n\nthree four", 12)).toEqual(["one two", "three four"]);
    expect(texts("line1\nline2\nline3", 12)).toEqual(["line1\nline2", "line3"]);
    expect(texts("hello world foo bar", 10)).toEqual(["hello", "world foo", "bar"]);
    expect(texts("a".repeat(25), 10)).toEqual(["a".repeat(10), "a".repeat(10), "a".repeat(5)]);
  });

  test("code that is too long goes on as code, with its indentation", () => {
    const lines = Array.from({ length: 6 }, (_, n) => `    print(${n})`).join("\n");
    const pieces = split(`Intro.\n\`\`\`python\n${lines}\n\`\`\`\nDone`, 40);
    expect(pieces.length).toBeGreaterThan(2);
    for (const { text, entities } of pieces.slice(1, -1)) {
      expect(entities).toEqual([{ type: "pre", language: "python", offset: 0, length: text.length }]);
      expect(text).toMatch(/^ {4}print/);
    }
  });

  test("a link and an inline code stay whole", () => {
    const pieces = split(
      "some words before [a link of several words](https://a.example) and `code of words`",
      45,
    );
    const kinds = pieces.flatMap(({ text, entities }) =>
      entities.map(({ offset, length }) => text.slice(offset, offset + length)),
    );
    expect(kinds).toEqual(["a link of several words", "code of words"]);
  });

  test("a character of many parts is not cut", () => {
    const family = "👩‍👩‍👧‍👦";
    for (const { text } of split(family.repeat(40), 50)) expect(text.replaceAll(family, "")).toBe("");
  });

  test("more entities than Telegram heeds make another message", () => {
    const pieces = split(Array.from({ length: 150 }, () => "**b**").join(" "), 4096);
    expect(pieces.map(({ entities }) => entities.length)).toEqual([100, 50]);
  });
});

test("whatever a model writes, each message is one that Telegram takes, and nothing is lost", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const markdown = createMarkdown(createChoice(seed));
    for (const units of [4096, 60]) {
      const problem = judgeMarkdown(markdown, units);
      if (problem !== undefined) throw new Error(`seed ${seed}, ${units} units: ${problem}`);
    }
  }
});
