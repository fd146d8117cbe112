import { describe, expect, test } from "bun:test";
import { judgeForDiscord, judgePiece } from "../../../test/fakes/discord/judge-markdown.ts";
import { readMarkdown } from "../../../test/fakes/discord/read-markdown.ts";
import { toFormatted } from "../rich-text/format.ts";
import { cutForDiscord } from "./cut.ts";
import { toDiscordMarkdown } from "./format.ts";

function write(markdown: string): string {
  return toDiscordMarkdown(toFormatted(markdown));
}

describe("what a model writes is written as Discord reads it", () => {
  test.each([
    ["**bold**, *italic*, ~~gone~~ and `code`", "**bold**, _italic_, ~~gone~~ and `code`"],
    ["***both***", "**_both_**"],
    ["*half*way", "*half*way"],
    ["# A heading", "**A heading**"],
    ["- one\n  - two\n- [x] done", "- one\n  - two\n- \\[x\\] done"],
    ["> quoted\n> twice", "> quoted\n> twice"],
    ["```ts\nconst a = '**';\n```", "```ts\nconst a = '**';\n```"],
    ["[words](https://example.com/a_b)", "[words](<https://example.com/a_b>)"],
    ["https://example.com/a_b", "<https://example.com/a_b>"],
    ["[https://bank.example](https://evil.example)", "https\\://bank.example (https\\://evil.example/)"],
    ["`` a`b ``", "`` a`b ``"],
    ["snake_case_name, 2 * 3 * 4, a|b", "snake\\_case\\_name, 2 \\* 3 \\* 4, a\\|b"],
    ["<@77> <#9> <:a:1> :smile: ||x||", "\\<@77\\> \\<#9\\> \\<\\:a:1\\> \\:smile: \\|\\|x\\|\\|"],
    ["~~~\n`````a\n~~~", "```\n``\u200B``\u200B`a\n```"],
    ["@everyone @here", "@\u200Beveryone @\u200Bhere"],
    ["\\# no heading\n\\- no item\n-# small", "\\# no heading\n\\- no item\n\\-# small"],
    ["***a* b**", "**_a_ b**"],
    ["**a**_b_", "**a**_b_"],
  ])("%j", (markdown, written) => {
    expect(write(markdown)).toBe(written);
  });
});

test("a mark is given up rather than a word: an address that holds its sign would end it", () => {
  expect(write("**see [it](https://example.com/**a)**")).toBe("see [it](<https://example.com/**a>)");
  expect(write("*see [it](https://example.com/a_b)*")).toBe("*see [it](<https://example.com/a_b>)*");
  expect(write("**see `a ** b` there**")).toBe("**see **`a ** b`** there**");
});

test("a long text is cut so that each part fits as it is written, fences and links whole", () => {
  const code = `\`\`\`ts\n${"const x = 1;\n".repeat(400)}\`\`\``;
  const pieces = cutForDiscord(toFormatted(`${"**a_b** ".repeat(600)}\n\n${code}`)).map(toDiscordMarkdown);
  expect(pieces.every((piece) => piece.length <= 2000)).toBe(true);
  const fences = pieces.filter((piece) => piece.includes("```"));
  expect(fences.length).toBeGreaterThan(2);
  for (const fence of fences.slice(1)) expect(fence).toMatch(/^```ts\n[^]*\n```$/);
  const address = `https://example.com/${"a".repeat(1900)}`;
  const long = cutForDiscord(toFormatted(`see [this](${address}) now`));
  const seen = long.map((piece) => readMarkdown(toDiscordMarkdown(piece)).text).join("");
  expect(seen.replaceAll(/\s/g, "")).toBe(`seethis(${address})now`);
});

test("a writer that does not escape is found out", () => {
  const piece = { text: "2*3*4 and <@77>", entities: [] };
  expect(judgePiece(piece, 2000)).toBeUndefined();
  expect(readMarkdown(piece.text).marks.map(({ type }) => type)).toEqual(["italic", "mention"]);
  expect(judgeForDiscord("a **b** `c`", 2000)).toBeUndefined();
});
