import { expect, test } from "bun:test";
import { createChoice } from "../../../test/fakes/random.ts";
import { createMarkdown } from "../../../test/fakes/random-markdown.ts";
import { toFormatted } from "../rich-text/format.ts";
import { cutForWhatsApp, longestText, toMarked } from "./format.ts";

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

test("whatever Markdown says, no word of it is lost, and no piece is longer than it may be", () => {
  const random = createChoice(20261126);
  for (let round = 0; round < 500; round++) {
    const whole = toFormatted(createMarkdown(random));
    for (const piece of cutForWhatsApp(whole)) {
      expect(piece.text.length).toBeLessThanOrEqual(longestText);
      const marked = toMarked(piece);
      expect(marked).not.toMatch(/[\u0001\u0002]/);
      let at = 0;
      // All of it is there, in its order; what is added stands between.
      for (const character of piece.text) {
        const found = marked.indexOf(character, at);
        if (found === -1)
          throw new Error(`${JSON.stringify(piece.text)} lost something: ${JSON.stringify(marked)}`);
        at = found + character.length;
      }
    }
  }
});
