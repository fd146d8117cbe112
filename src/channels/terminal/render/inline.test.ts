import { expect, test } from "bun:test";
import { paint, plain } from "./ink.ts";
import { parseInline } from "./inline.ts";

/** Colours as `<1>…</>`, links as `{address|…}`. */
function show(text: string, hasLinks = false): string {
  return (
    paint(parseInline(text, { ink: plain, hasLinks }).spans)
      .replaceAll("\u001b[0m", "</>")
      // oxlint-disable-next-line no-control-regex -- colours begin with one
      .replace(/\u001b\[([0-9;]+)m/g, "<$1>")
      .replaceAll("\u001b]8;;\u001b\\", "}")
      // oxlint-disable-next-line no-control-regex -- links begin with one
      .replace(/\u001b\]8;id=\w+;([^\u001b]*)\u001b\\/g, "{$1|")
  );
}

test.each([
  ["*a* **b** ***c***", "<3>a</> <1>b</> <1;3>c</>"],
  ["**bold *and both***", "<1>bold </><1;3>and both</>"],
  ["~~gone~~ ~one~", "<9>gone</> ~one~"],
  ["snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"],
  ["_a_ __b__", "<3>a</> <1>b</>"],
  ["**never closed", "**never closed"],
  ["\\*not\\* \\a", "*not* \\a"],
  ["`a *b*` and ``c`d``", "<36>a *b*</> and <36>c`d</>"],
  ["`open *it*", "`open <3>it</>"],
  ["a &lt; b &amp; &#228; &nothing;", "a < b & ä &nothing;"],
  ["one<br>two\nthree", "one\ntwo\nthree"],
  ["*日本語*です", "<3>日本語</>です"],
])("%j is shown as %j", (text, expected) => {
  expect(show(text)).toBe(expected);
});

test.each([
  ["[a **b**](https://x.com)", "<4>a </><1;4>b</><2> (https://x.com/)</>"],
  ["https://x.com/a_b_c.", "<4>https://x.com/a_b_c</>."],
  ["(https://x.com/a_(b))", "(<4>https://x.com/a_(b)</>)"],
  ["<anna@example.com>", "<4>anna@example.com</>"],
  ["![a cat](https://x.com/c.png)", "<4>a cat</><2> (https://x.com/c.png)</>"],
  ["[file](src/main.ts)", "file (src/main.ts)"],
  ["[not (closed](", "[not (closed]("],
])("where links cannot be clicked, %j is shown as %j", (text, expected) => {
  expect(show(text)).toBe(expected);
});

test("where links can be clicked, their words are enough, but for those that pretend", () => {
  expect(show("[here](https://x.com/a)", true)).toBe("{https://x.com/a|<4>here</>}");
  expect(show("[https://bank.com](https://evil.com)", true)).toEndWith("<2> (https://evil.com/)</>");
  expect(show("[bank.com](https://bank.com@evil.com)", true)).toContain("(https://bank.com@evil.com/)");
});

test.each(["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "vscode://x", "x:\u001b"])(
  "%j is no address to click",
  (address) => {
    expect(show(`[click](${address})`, true)).not.toContain("{");
  },
);

test("no entity is a control character", () => {
  const text = "&#27;[2J &#x9b; &#0; &#x202e; &#x7f; &#10;";
  expect(show(text)).toBe(text);
});

test("what is settled is what no further text changes", () => {
  const texts = ["a *b c", "a [b c", "a `b c", "a **b** c", "a [b](", "a *b `c* d"];
  expect(texts.map((text) => parseInline(text, { ink: plain, hasLinks: false }).settled)).toEqual([
    2, 2, 2, 8, 2, 2,
  ]);
});
