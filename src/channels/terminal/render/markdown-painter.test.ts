import { describe, expect, test } from "bun:test";
import { createMarkdown } from "../../../../test/fakes/random-markdown.ts";
import { createChoice } from "../../../../test/fakes/random.ts";
import { rounds } from "../../../../test/fakes/rounds.ts";
import { paintWhole, showStreamed, showWhole } from "../../../../test/fakes/streamed-answer.ts";
import { sanitizeText } from "../sanitize.ts";
import { MarkdownPainter } from "./markdown-painter.ts";

const texts = rounds(4, 15);

test.each([12, 20, 40, 80, 200])(
  "at %d columns, any pieces of any Markdown end as the same screen",
  (columns) => {
    for (let seed = 0; seed < texts; seed++) {
      const choose = createChoice(seed * 7 + columns);
      const text = createMarkdown(choose);
      const expected = showWhole(text, columns).split("\n");
      const shown = showStreamed(text, columns, choose).split("\n");
      const row = shown.findIndex((line, index) => line !== expected[index]);
      expect({ seed, row, shown: row === -1 ? [] : shown.slice(row, row + 3) }).toEqual({
        seed,
        row: -1,
        shown: [],
      });
      expect(shown.length).toBe(expected.length);
    }
  },
  60_000,
);

/** What a frame after each character shows: what is final, and what is open. */
function paintEach(text: string, columns = 40): readonly { done: string; open: readonly string[] }[] {
  const painter = new MarkdownPainter({ hasLinks: false });
  return Array.from(text, (character) => {
    painter.push(character);
    const { done, open } = painter.frame(columns);
    return { done: Bun.stripANSI(done), open: open.map(Bun.stripANSI) };
  });
}

describe("while it streams", () => {
  test("a paragraph of many rows keeps only its last ones open", () => {
    const frames = paintEach("some words that go on and on and on, ".repeat(40));
    expect(frames.at(-1)?.done).toBe("");
    expect(Math.max(...frames.slice(500).map(({ open }) => open.length))).toBeLessThan(13);
  });

  test("a mark that nothing closes yet keeps what it may change open", () => {
    const frames = paintEach(`**${"word ".repeat(200)}`);
    expect(frames.map(({ done }) => done).join("")).toBe("");
  });

  test("a whole line of code is final at once", () => {
    const frames = paintEach("```ts\nconst a = 1;\n");
    expect(frames.map(({ done }) => done).join("")).toEndWith("\nconst a = 1;\n");
  });

  test("marks that may become anything are not shown before it is clear what", () => {
    const frames = paintEach("- [x] done\n---\n");
    expect(frames.slice(0, 6).every(({ open }) => open.length === 0)).toBe(true);
  });

  test("the rows of a table longer than fifty are final as they come", () => {
    const frames = paintEach(`| a | b |\n|---|---|\n${"| x | y |\n".repeat(60)}`);
    expect(frames.at(-1)?.open).toEqual([]);
    expect(
      frames
        .map(({ done }) => done)
        .join("")
        .match(/x │ y/g)?.length,
    ).toBe(60);
  });
});

test("code is as wide as it was written, so that it is copied whole", () => {
  const line = `const long = "${"x".repeat(100)}";`;
  expect(Bun.stripANSI(paintWhole(`\`\`\`ts\n${line}\n\`\`\``, 40)).split("\n")[1]).toBe(line);
});

test("without the sanitiser before it a sequence of the model would reach the terminal", () => {
  const attack = "a\u001b]52;c;aGk=\u0007";
  expect(paintWhole(attack, 40)).toContain("\u001b]52;");
  expect(paintWhole(sanitizeText(attack), 40)).not.toContain("\u001b]52;");
});

test("in a new width the next block has it", () => {
  const painter = new MarkdownPainter({ hasLinks: false });
  painter.push("one two three four five six seven\n\n");
  expect(painter.frame(10).done).toBe("one two\nthree four\nfive six\nseven\n");
  painter.push("one two three four five six seven\n\n");
  expect(painter.frame(40).done).toBe("\none two three four five six seven\n");
});

test.each([
  ["letters", "x"],
  ["stars", "*a "],
  ["brackets", "["],
  ["half links", "]("],
  ["quotes", ">"],
  ["ticks", "`a``b```c "],
  ["pipes", "|"],
  ["list items", "- a\n"],
  ["table rows", "| x | y |\n"],
  ["numbers", "1. "],
  ["spaces", "          "],
  ["joined emoji", "👩\u200d"],
  ["strings in code", '"a\\'],
])(
  "a flood of %s costs no more the longer it lasts",
  (_name, piece) => {
    const cost = (pieces: number): number => {
      const painter = new MarkdownPainter({ hasLinks: true });
      const text = "| a | b |\n|---|---|\n".concat(piece.repeat(pieces));
      const before = process.cpuUsage();
      for (let place = 0; place < text.length; place += 16_384) {
        painter.push(text.slice(place, place + 16_384));
        painter.frame(80);
      }
      painter.end(80);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const count = Math.ceil(50_000 / piece.length);
    cost(count);
    // Eight times the text: eight times the cost. A square would be sixty-four.
    expect(cost(count * 8)).toBeLessThan(Math.max(200, cost(count) * 24));
  },
  60_000,
);
