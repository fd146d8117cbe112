import { expect, test } from "bun:test";
import { createRandom } from "../../../test/fakes/random.ts";
import type { KeyName } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import { rounds } from "../../../test/fakes/rounds.ts";

const pieces = [
  "a",
  "word",
  " ",
  "\n",
  "_x9",
  "日本語",
  "👩‍👩‍👧‍👦",
  "👍🏽",
  "e\u0301",
  "\u0301",
  "\u200d",
  "🇩",
  "🇪",
  "🇫🇷",
  "שלום",
  "العربية",
  "क्ष",
  "ᄀ",
  "ᅡ",
  "1\ufe0f\u20e3",
  `z${"\u0300".repeat(90)}`,
  "🇦".repeat(41),
  "-",
] as const;

const keys = [
  "left",
  "right",
  "home",
  "end",
  "word-left",
  "word-right",
  "backspace",
  "delete",
  "delete-word",
  "delete-word-right",
  "delete-to-start",
  "delete-to-end",
  "yank",
  "newline",
  "up",
  "down",
] as const satisfies readonly KeyName[];

const segmenter = new Intl.Segmenter();

/** The same editor, as plainly as it can be said: the whole text in characters, cut anew for every key. */
class Model {
  characters: string[] = [];
  place = 0;
  killed = "";
  wasKill = false;

  get text(): string {
    return this.characters.join("");
  }

  get cursor(): number {
    return this.characters.slice(0, this.place).join("").length;
  }

  insert(text: string): void {
    this.wasKill = false;
    this.#put(this.#before() + text, this.#after());
  }

  press(name: (typeof keys)[number]): void {
    const { wasKill, place } = this;
    this.wasKill = false;
    const isWord = (character: string | undefined): boolean => /^[\p{L}\p{N}\p{M}_]/u.test(character ?? "");
    const last = this.characters.length;
    let left = place;
    while (left > 0 && !isWord(this.characters[left - 1])) left -= 1;
    while (left > 0 && isWord(this.characters[left - 1])) left -= 1;
    let right = place;
    while (right < last && !isWord(this.characters[right])) right += 1;
    while (right < last && isWord(this.characters[right])) right += 1;
    const start = this.characters.slice(0, place).lastIndexOf("\n") + 1;
    const found = this.characters.indexOf("\n", place);
    const end = found === -1 ? last : found;
    switch (name) {
      case "left":
        return this.#go(Math.max(0, place - 1));
      case "right":
        return this.#go(Math.min(last, place + 1));
      case "home":
        return this.#go(start);
      case "end":
        return this.#go(end);
      case "word-left":
        return this.#go(left);
      case "word-right":
        return this.#go(right);
      case "backspace":
        return this.#cut(Math.max(0, place - 1), place);
      case "delete":
        return this.#cut(place, Math.min(last, place + 1));
      case "delete-word":
        return this.#kill(left, place, wasKill, "before");
      case "delete-word-right":
        return this.#kill(place, right, wasKill, "behind");
      case "delete-to-start":
        return this.#kill(start, place, wasKill, "before");
      case "delete-to-end":
        return this.#kill(place, end, wasKill, "behind");
      case "yank":
        return this.insert(this.killed);
      case "newline":
        return this.insert("\n");
      case "up":
      case "down":
        return;
      default:
        name satisfies never;
    }
  }

  /** After a move by lines, whose columns are a matter of the screen. */
  moveTo(cursor: number): void {
    let length = 0;
    this.place = this.characters.findIndex((character) => {
      if (length >= cursor) return true;
      length += character.length;
      return false;
    });
    if (this.place === -1) this.place = this.characters.length;
  }

  #go(place: number): void {
    this.place = place;
  }

  #kill(from: number, to: number, wasKill: boolean, side: "before" | "behind"): void {
    this.wasKill = true;
    if (from === to) return;
    const piece = this.characters.slice(from, to).join("");
    const old = wasKill ? this.killed : "";
    this.killed = side === "before" ? piece + old : old + piece;
    this.#cut(from, to);
  }

  #cut(from: number, to: number): void {
    this.#put(this.characters.slice(0, from).join(""), this.characters.slice(to).join(""));
  }

  /** The cursor stands behind `before`, or behind the character that `before` ends in the middle of. */
  #put(before: string, after: string): void {
    this.characters = [...segmenter.segment(before + after)].map(({ segment }) => segment);
    this.moveTo(before.length);
  }

  #before(): string {
    return this.characters.slice(0, this.place).join("");
  }

  #after(): string {
    return this.characters.slice(this.place).join("");
  }
}

test("whatever is typed, moved and cut, the buffer does what the plain model does", () => {
  for (let seed = 0; seed < rounds(100, 400); seed++) {
    const next = createRandom(seed);
    const random = (below: number): number => Math.floor(next() * below);
    const buffer = new LineBuffer();
    const model = new Model();
    const steps: string[] = [];
    for (let step = 0; step < 60; step++) {
      if (random(2) === 0) {
        const piece = pieces[random(pieces.length)] ?? "";
        steps.push(JSON.stringify(piece));
        buffer.insert(piece);
        model.insert(piece);
      } else {
        const name = keys[random(keys.length)] ?? "left";
        steps.push(name);
        buffer.press(name);
        model.press(name);
        if (name === "up" || name === "down") model.moveTo(buffer.cursor);
      }
      expect([seed, steps.slice(-8).join(" "), buffer.text, buffer.cursor]).toEqual([
        seed,
        steps.slice(-8).join(" "),
        model.text,
        model.cursor,
      ]);
    }
  }
});
