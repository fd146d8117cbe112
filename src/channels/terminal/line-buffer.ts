import type { KeyName } from "./keys.ts";

/** The text being written and the place in it. Moves and deletes by what a person sees as one character. */
export class LineBuffer {
  #text = "";
  #cursor = 0;

  get text(): string {
    return this.#text;
  }

  /** In UTF-16 units, never inside a character. */
  get cursor(): number {
    return this.#cursor;
  }

  replace(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  insert(text: string): void {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  /** Whether the key did something here; otherwise it is for whoever holds the buffer. */
  press(name: KeyName): boolean {
    switch (name) {
      case "newline":
        this.insert("\n");
        return true;
      case "left":
        return this.#moveTo(this.#cursor - this.#before().length);
      case "right":
        return this.#moveTo(this.#cursor + this.#after().length);
      case "word-left":
        return this.#moveTo(this.#wordStart());
      case "word-right":
        return this.#moveTo(this.#wordEnd());
      case "home":
        return this.#moveTo(this.#lineStart());
      case "end":
        return this.#moveTo(this.#lineEnd());
      case "up":
        return this.#moveLine(-1);
      case "down":
        return this.#moveLine(1);
      case "backspace":
        return this.#cut(this.#cursor - this.#before().length, this.#cursor);
      case "delete":
        return this.#cut(this.#cursor, this.#cursor + this.#after().length);
      case "delete-word":
        return this.#cut(this.#wordStart(), this.#cursor);
      case "delete-word-right":
        return this.#cut(this.#cursor, this.#wordEnd());
      case "delete-to-start":
        return this.#cut(this.#lineStart(), this.#cursor);
      case "delete-to-end":
        return this.#cut(this.#cursor, this.#lineEnd());
      case "transpose":
        return this.#transpose();
      default:
        return false;
    }
  }

  #moveTo(place: number): boolean {
    this.#cursor = place;
    return true;
  }

  #cut(from: number, to: number): boolean {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
    return true;
  }

  #moveLine(step: -1 | 1): boolean {
    const start = this.#lineStart();
    const end = this.#lineEnd();
    if (step === -1 ? start === 0 : end === this.#text.length) return false;
    const column = this.#cursor - start;
    const target = step === -1 ? this.#startOfLineAt(start - 1) : end + 1;
    const targetEnd = this.#text.indexOf("\n", target);
    const limit = targetEnd === -1 ? this.#text.length : targetEnd;
    this.#cursor = this.#toBoundary(Math.min(target + column, limit));
    return true;
  }

  #transpose(): boolean {
    const left = this.#before();
    const right = this.#after();
    if (left === "" || right === "") return true;
    this.#cut(this.#cursor - left.length, this.#cursor + right.length);
    this.insert(right + left);
    return true;
  }

  #before(): string {
    const window = this.#text.slice(Math.max(0, this.#cursor - segmentWindow), this.#cursor);
    return toCharacters(window).at(-1) ?? "";
  }

  #after(): string {
    return toCharacters(this.#text.slice(this.#cursor, this.#cursor + segmentWindow))[0] ?? "";
  }

  #lineStart(): number {
    return this.#startOfLineAt(this.#cursor);
  }

  #startOfLineAt(place: number): number {
    return place === 0 ? 0 : this.#text.lastIndexOf("\n", place - 1) + 1;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf("\n", this.#cursor);
    return end === -1 ? this.#text.length : end;
  }

  #wordStart(): number {
    const before = this.#text.slice(0, this.#cursor);
    return before.search(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u);
  }

  #wordEnd(): number {
    const word = /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(this.#text.slice(this.#cursor))?.[0] ?? "";
    return this.#cursor + word.length;
  }

  #toBoundary(place: number): number {
    const start = this.#startOfLineAt(place);
    let boundary = start;
    for (const character of toCharacters(this.#text.slice(start, place + segmentWindow))) {
      if (boundary + character.length > place) break;
      boundary += character.length;
    }
    return boundary;
  }
}

/** Longer than any character that a person types. */
const segmentWindow = 64;

const segmenter = new Intl.Segmenter();

function toCharacters(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
