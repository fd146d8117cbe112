import { expect, test } from "bun:test";
import { findMessageProblem } from "../../../test/fakes/slack/check-message.ts";
import { judgeMarkdown } from "../../../test/fakes/slack/judge-markdown.ts";
import { createMarkdown } from "../../../test/fakes/random-markdown.ts";
import { createChoice } from "../../../test/fakes/random.ts";
import { toFormatted } from "../rich-text/format.ts";
import { toStoredPieces } from "../rich-text/pieces.ts";
import { cutForSlack } from "./cut.ts";
import { toMrkdwn } from "./mrkdwn.ts";
import { toRichBlock } from "./rich-block.ts";

const cases: readonly (readonly [markdown: string, marked: string])[] = [
  ["**bold** and *italic* and ~~gone~~ and `code`", "*bold* and _italic_ and ~gone~ and `code`"],
  ["# Title\n\nText", "*Title*\n\nText"],
  ["a < b & c > d", "a &lt; b &amp; c &gt; d"],
  ["<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"],
  ["[words](https://x.test/?a=1&b=2)", "<https://x.test/?a=1&amp;b=2|words>"],
  ["[a|b>c](https://x.test/)", "<https://x.test/|a¦b&gt;c>"],
  ["https://x.test/a", "<https://x.test/a|https://x.test/a>"],
  ["```js\nlet a = 1 < 2;\n```", "```let a = 1 &lt; 2;```"],
  ["> quoted\n> twice", "> quoted\n> twice"],
  ["- one\n- two\n  1. deep", "• one\n• two\n  1. deep"],
  ["| a | b |\n| - | - |\n| 1 | 2 |", "```a  b\n─  ─\n1  2```"],
  ["**spaced **word", "**spaced **word"],
  ["before\n\n```\ncode\n```\n\nafter", "before\n\n```code```\n\nafter"],
];

test.each(cases)("%j is marked %j", (markdown, marked) => {
  const formatted = toFormatted(markdown);
  expect(toMrkdwn(formatted)).toBe(marked);
  expect(findMessageProblem({ text: marked, blocks: [toRichBlock(formatted)] })).toBeUndefined();
});

test("styles are said and not marked, so that no sign in the words is one", () => {
  expect(toRichBlock(toFormatted("**a _b_** [c](https://x.test/) `*d*`"))).toEqual({
    type: "rich_text",
    elements: [
      {
        type: "rich_text_section",
        elements: [
          { type: "text", text: "a ", style: { bold: true } },
          { type: "text", text: "b", style: { bold: true, italic: true } },
          { type: "text", text: " " },
          { type: "link", url: "https://x.test/", text: "c" },
          { type: "text", text: " " },
          { type: "text", text: "*d*", style: { code: true } },
        ],
      },
    ],
  });
});

test("a long answer is cut between paragraphs, and code goes on as code", () => {
  const code = `\`\`\`\n${"a line of code\n".repeat(600)}\`\`\``;
  const pieces = toStoredPieces(`${"words ".repeat(500)}\n\n${code}`, cutForSlack);
  expect(pieces.length).toBe(4);
  for (const { text, format } of pieces.slice(1)) {
    expect(text.length).toBeLessThanOrEqual(4000);
    expect(JSON.parse(format)).toMatchObject([{ type: "pre" }]);
  }
});

test("random texts become what Slack takes, with all that they say", () => {
  for (let seed = 0; seed < 200; seed++) {
    const markdown = createMarkdown(createChoice(seed));
    expect([seed, judgeMarkdown(markdown), judgeMarkdown(markdown, 60)]).toEqual([
      seed,
      undefined,
      undefined,
    ]);
  }
});
