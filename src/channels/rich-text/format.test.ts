import { describe, expect, test } from "bun:test";
import { toFormatted } from "./format.ts";
import type { Formatted } from "./entities.ts";

/** Entities as tags, so that a test can be read. */
function show({ text, entities }: Formatted): string {
  const marks = entities.flatMap((entity, index) => [
    {
      at: entity.offset,
      order: index,
      tag: `<${entity.type}${entity.url === undefined ? "" : ` ${entity.url}`}${entity.language === undefined ? "" : ` ${entity.language}`}>`,
    },
    { at: entity.offset + entity.length, order: -1 - index, tag: `</>` },
  ]);
  let shown = "";
  for (let at = 0; at <= text.length; at++) {
    const here = marks.filter((mark) => mark.at === at).toSorted((one, other) => one.order - other.order);
    shown += here.map(({ tag }) => tag).join("") + text.charAt(at);
  }
  return shown;
}

describe("Markdown becomes text with entities", () => {
  test.each([
    ["**bold** and __bold2__", "<bold>bold</> and <bold>bold2</>"],
    ["*it* _it_ ~~gone~~", "<italic>it</> <italic>it</> <strikethrough>gone</>"],
    ["***both***", "<bold><italic>both</></>"],
    ["# Title\nBody", "<bold>Title</>\nBody"],
    ["# Title\n\nBody", "<bold>Title</>\n\nBody"],
    ["# **Deep** title", "<bold>Deep title</>"],
    ["`a < b` & `**not**`", "<code>a < b</> & <code>**not**</>"],
    ["**a `b` c**", "<bold>a </><code>b</><bold> c</>"],
    ["```ts\nconst a = 1;\n\tb\n```\nafter", "<pre ts>const a = 1;\n\tb</>\nafter"],
    ["```\nunclosed", "<pre>unclosed</>"],
    ["[e](https://e.com/?a=1&b=2)", "<text_link https://e.com/?a=1&b=2>e</>"],
    ["**[bold](https://e.com)**", "<text_link https://e.com/><bold>bold</></>"],
    [
      "[https://bank.example](https://evil.example)",
      "<text_link https://evil.example/>https://bank.example</> (https://evil.example/)",
    ],
    ["[x](javascript:alert(1))", "x (javascript:alert(1))"],
    ["> one\n> two\n\nafter", "<blockquote>one\ntwo</>\n\nafter"],
    ["> a\n> > b\n> c", "<blockquote>a</>\n<blockquote>b\nc</>"],
    ["> a\n> ```\n> code\n> ```\n> b", "<blockquote>a</>\n<pre>code</>\n<blockquote>b</>"],
    ["- a\n- b\n  - c\n- d", "• a\n• b\n  • c\n• d"],
    ["1. a\n1. b\n7. c\n\n   more", "1. a\n2. b\n3. c\n\n   more"],
    ["- [ ] todo\n- [x] done", "• [ ] todo\n• [x] done"],
    ["- a\nlazy\n\nafter", "• a\n  lazy\n\nafter"],
    ["- a\n\n  ```\n  code\n    more\n  ```", "• a\n\n  <pre>code\n  more</>"],
    ["a\n\n---\n\nb", "a\n\n———\n\nb"],
    ["| a | b |\n| - | -: |\n| 1 | 22 |", "<pre>a   b\n─  ──\n1  22</>"],
    ["a\n\n\n\nb", "a\n\nb"],
    ["<b>raw</b> &amp; &lt;", "<b>raw</b> & <"],
    ["你好 **世界** 🙂 *👩‍👩‍👧‍👦*", "你好 <bold>世界</> 🙂 <italic>👩‍👩‍👧‍👦</>"],
    ["", ""],
    ["\u0000a\u0007\ud800b", "a\ufffdb"],
  ])("%j", (markdown, expected) => {
    expect(show(toFormatted(markdown))).toBe(expected);
  });

  test("a table that is wider than a telephone is told row by row", () => {
    const wide = "x".repeat(40);
    const { text, entities } = toFormatted(`| one | two |\n|-|-|\n| ${wide} | ${wide} |\n| c | d |`);
    expect(text).toBe(`one: ${wide}\ntwo: ${wide}\n\none: c\ntwo: d`);
    expect(entities.map(({ type }) => type)).toEqual(["bold", "bold", "bold", "bold"]);
  });
});
