import { expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { createMarkdown } from "../../../test/fakes/random-markdown.ts";
import { judgeMarkdown } from "../../../test/fakes/whatsapp/judge-markdown.ts";
import { toFormatted } from "../rich-text/format.ts";
import { toMarked } from "./format.ts";

test.each([
  ["**bold** _italic_ ~~gone~~ `code`", "*bold* _italic_ ~gone~ `code`"],
  ["```ts\nlet a = 1;\n```", "```let a = 1;```"],
  ["[words](https://a.test/x)", "words (https://a.test/x)"],
  ["https://a.test/x", "https://a.test/x"],
  ["> one\n> two", "> one\n> two"],
  ["un**frigging**believable", "unfriggingbelievable"],
  ["# Title\n\ntext", "*Title*\n\ntext"],
])("%p is shown as %p", (markdown, shown) => {
  expect(toMarked(toFormatted(markdown))).toBe(shown);
});

test("whatever Markdown says, all of it is shown, and marked as it was meant", () => {
  const random = createChoice(20261126);
  for (let round = 0; round < 100; round++) {
    const markdown = createMarkdown(random);
    expect([markdown, judgeMarkdown(markdown), judgeMarkdown(markdown, 60)]).toEqual([
      markdown,
      undefined,
      undefined,
    ]);
  }
});
