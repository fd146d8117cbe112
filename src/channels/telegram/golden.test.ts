import { expect, test } from "bun:test";
import pairs from "../../../test/golden/telegram/pairs.json";
import type { Entity, Formatted } from "../rich-text/entities.ts";
import { toFormatted } from "../rich-text/format.ts";

const tags: Readonly<Record<Entity["type"], string>> = {
  bold: "b",
  italic: "i",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  text_link: "a",
  blockquote: "blockquote",
};

/** As the Python system writes it for Telegram. */
function toHtml({ text, entities }: Formatted): string {
  const marks = entities.flatMap((entity, index) => {
    const tag = tags[entity.type];
    const isBlock = entity.type === "pre";
    const open = entity.type === "text_link" ? `<a href="${escape(entity.url ?? "")}">` : `<${tag}>`;
    return [
      { at: entity.offset, order: index, tag: isBlock ? "<pre><code>" : open },
      { at: entity.offset + entity.length, order: -1 - index, tag: isBlock ? "</code></pre>" : `</${tag}>` },
    ];
  });
  let html = "";
  for (let at = 0; at <= text.length; at++) {
    const here = marks.filter((mark) => mark.at === at).toSorted((one, other) => one.order - other.order);
    html += here.map(({ tag }) => tag).join("") + escape(text.charAt(at));
  }
  return html;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Where we differ; `docs/differences.md` says why. */
const differences: Readonly<Record<string, string>> = {
  "> quote line\n> second": "<blockquote>quote line\nsecond</blockquote>",
  "```python\nif a < b:\n    print('**x**')\n```": "<pre><code>if a &lt; b:\n    print('**x**')</code></pre>",
  "```c++\nint main(){}\n```": "<pre><code>int main(){}</code></pre>",
  "**[bold link](https://e.com)**": '<a href="https://e.com/"><b>bold link</b></a>',
  "https://e.com/a_b_c": '<a href="https://e.com/a_b_c">https://e.com/a_b_c</a>',
  "line1\n\n\nline2": "line1\n\nline2",
  "a\n---\nb": "<b>a</b>\nb",
  "```\nunclosed fence": "<pre><code>unclosed fence</code></pre>",
  "![img](http://x/y.png)": '<a href="http://x/y.png">img</a>',
  "text with \\*escaped\\*": "text with *escaped*",
  "*star italic*": "<i>star italic</i>",
  "### Deep **b**": "<b>Deep b</b>",
  "text ```inline fence``` end": "text <code>inline fence</code> end",
  "`a` `b`\n```\nc\n```": "<code>a</code> <code>b</code>\n<pre><code>c</code></pre>",
};

test("nothing stands in the table that is no pair", () => {
  const known = [...pairs.html, ...pairs.olderHtml].map((pair) => pair.in);
  expect(Object.keys(differences).filter((written) => !known.includes(written))).toEqual([]);
});

test.each([...pairs.html, ...pairs.olderHtml].map(({ in: written, out }) => [written, out]))(
  "%j",
  (written, expected) => {
    expect(toHtml(toFormatted(written ?? ""))).toBe(differences[written ?? ""] ?? expected ?? "");
  },
);
