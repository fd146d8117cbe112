import { expect, test } from "bun:test";
import telegram from "../../../test/golden/telegram/pairs.json";
import pairs from "../../../test/golden/whatsapp/pairs.json";
import type { Entity } from "../rich-text/entities.ts";
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
});

/**
 * WhatsApp's own rules (*bold*, _italic_, ~strikethrough~, `code`, ```monospace```, "> " before a quote), read the way that its
 * telephones do: a mark counts at the edge of a word, around something that is no space, within its line.
 */
test("what WhatsApp shows in bold, italic or struck out is what was meant to be", () => {
  const marks = { bold: "*", italic: "_", strikethrough: "~" } as const;
  for (const { in: written } of pairs.marks.filter(({ in: each }) => !each.includes("\\*"))) {
    const { text, entities } = toFormatted(written);
    const shown = toMarked({ text, entities });
    const plain = shown.replace(/```[^]*?```|`[^`\n]*`/g, " ");
    for (const [type, mark] of Object.entries(marks)) {
      const read = [...plain.matchAll(toPattern(mark))].map(([, words = ""]) => withoutMarks(words));
      const meant = entities
        .filter((entity) => entity.type === type)
        .map((entity) => wordsOf(text, entity))
        .filter((words) => isMarkable(text, words));
      expect(read.map((words) => words.trim())).toEqual(meant.map(withoutMarks));
    }
  }
});

function toPattern(mark: string): RegExp {
  const each = `[${mark}]`;
  return new RegExp(
    `(?<![\\p{L}\\p{N}_])${each}(?=\\S)([^${mark}\\n]+?)(?<=\\S)${each}(?![\\p{L}\\p{N}])`,
    "gu",
  );
}

function withoutMarks(words: string): string {
  return words.replaceAll(/[*_~]/g, "");
}

function wordsOf(text: string, { offset, length }: Entity): string {
  return text.slice(offset, offset + length).trim();
}

/** In the middle of a word no mark counts. */
function isMarkable(text: string, words: string): boolean {
  const at = text.indexOf(words);
  const around = text.charAt(at - 1) + text.charAt(at + words.length);
  return words !== "" && !/[\p{L}\p{N}_]/u.test(around);
}
