import { expect, test } from "bun:test";
import telegram from "../../../test/golden/telegram/pairs.json";
import pairs from "../../../test/golden/whatsapp/pairs.json";
import { findWrongStyle, judgeMarkdown } from "../../../test/fakes/whatsapp/judge-markdown.ts";
import { toFormatted } from "../rich-text/format.ts";
import { toMarked } from "./format.ts";

/** The Python system sent Markdown to WhatsApp as it was: what it wrote for Telegram says what was meant. */
test("there is a pair for each that Telegram has", () => {
  const meant = [...telegram.html, ...telegram.olderHtml].map((pair) => pair.in);
  const known = new Set(pairs.marks.map((pair) => pair.in));
  expect(meant.filter((written) => !known.has(written))).toEqual([]);
});

test.each(pairs.marks.map(({ in: written, out }) => [written, out]))("%j", (written, expected) => {
  expect(toMarked(toFormatted(written ?? ""))).toBe(expected ?? "");
  expect(judgeMarkdown(written ?? "")).toBeUndefined();
});

test.each([
  ["**bold** word", "bold word"],
  ["word", "*word*"],
  ["**bold** word", "*bold word*"],
  ["un**bel**ievable", "un *bel* ievable"],
  ["_it_ and ~~gone~~", "_it_ and gone"],
])("that %j is shown as %j is found to be wrong", (written, shown) => {
  expect(findWrongStyle(toFormatted(written), shown)).toBeString();
});
