import { characterAfter, characterBefore, displayWidth, placeAtColumn, toBoundary } from "./characters.ts";
import type { KeyName } from "./keys.ts";

/** The text being written and the place in it. Moves and deletes by what a person sees as one character. */
export class LineBuffer {
  #text = "";
  #cursor = 0;
  /** What was cut by word or by line last; it comes back with a key. */
  #killed = "";
  #wasKill = false;
  /** The column that moving up and down aims at, over shorter lines too. */
  #column: number | undefined;

  get text(): string {
    return this.#text;
  }

  /** In UTF-16 units, never inside a character. */
  get cursor(): number {
    return this.#cursor;
  }

  replace(text: string, cursor: number = text.length): void {
    this.#forget();
    this.#text = text;
    this.#cursor = toBoundary(text, cursor);
  }

  insert(text: string): void {
    this.#forget();
    this.#insert(text);
  }

  /** Whether the key did something here; otherwise it is for whoever holds the buffer. */
  press(name: KeyName): boolean {
    const { wasKill, column } = this.#forget();
    switch (name) {
      case "newline":
        return this.#insert("\n");
      case "yank":
        return this.#insert(this.#killed);
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
        return this.#moveLine(-1, column);
      case "down":
        return this.#moveLine(1, column);
      case "backspace":
        return this.#cut(this.#cursor - this.#before().length, this.#cursor);
      case "delete":
        return this.#cut(this.#cursor, this.#cursor + this.#after().length);
      case "delete-word":
        return this.#kill(this.#wordStart(), this.#cursor, wasKill);
      case "delete-word-right":
        return this.#kill(this.#cursor, this.#wordEnd(), wasKill);
      case "delete-to-start":
        return this.#kill(this.#lineStart(), this.#cursor, wasKill);
      case "delete-to-end":
        return this.#kill(this.#cursor, this.#lineEnd(), wasKill);
      case "transpose":
        return this.#transpose();
      default:
        return false;
    }
  }

  /** What only the very next key may go on with. */
  #forget(): { readonly wasKill: boolean; readonly column: number | undefined } {
    const last = { wasKill: this.#wasKill, column: this.#column };
    this.#wasKill = false;
    this.#column = undefined;
    return last;
  }

  #insert(text: string): boolean {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    // What was inserted may have become one with what follows.
    return this.#moveTo(toBoundary(this.#text, this.#cursor + text.length));
  }

  #moveTo(place: number): boolean {
    this.#cursor = place;
    return true;
  }

  #cut(from: number, to: number): boolean {
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    return this.#moveTo(toBoundary(this.#text, from));
  }

  /** Cuts that follow one another come back as one. */
  #kill(from: number, to: number, wasKill: boolean): boolean {
    this.#wasKill = true;
    if (from === to) return true;
    const piece = this.#text.slice(from, to);
    const before = wasKill ? this.#killed : "";
    this.#killed = to === this.#cursor ? piece + before : before + piece;
    return this.#cut(from, to);
  }

  #moveLine(step: -1 | 1, wanted: number | undefined): boolean {
    const start = this.#lineStart();
    const end = this.#lineEnd();
    if (step === -1 ? start === 0 : end === this.#text.length) return false;
    this.#column = wanted ?? displayWidth(this.#text.slice(start, this.#cursor));
    const target = step === -1 ? this.#startOfLineAt(start - 1) : end + 1;
    const targetEnd = this.#text.indexOf("\n", target);
    const line = this.#text.slice(target, targetEnd === -1 ? undefined : targetEnd);
    return this.#moveTo(target + placeAtColumn(line, this.#column));
  }

  #transpose(): boolean {
    const left = this.#before();
    const right = this.#after();
    if (left === "" || right === "") return true;
    this.#cursor -= left.length;
    this.#text = this.#text.slice(0, this.#cursor) + this.#text.slice(this.#cursor + (left + right).length);
    return this.#insert(right + left);
  }

  #before(): string {
    return characterBefore(this.#text, this.#cursor);
  }

  #after(): string {
    return characterAfter(this.#text, this.#cursor);
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
    const before = (place: number): string => characterBefore(this.#text, place);
    const word = skip(this.#cursor, -1, before, (character) => !isWord(character));
    return skip(word, -1, before, isWord);
  }

  #wordEnd(): number {
    const after = (place: number): string => characterAfter(this.#text, place);
    const word = skip(this.#cursor, 1, after, (character) => !isWord(character));
    return skip(word, 1, after, isWord);
  }
}

/** Nobody's word has more characters; a pasted book without a space may. */
const longestWord = 2000;

/** Character by character: a pattern that ends at the cursor would be tried from every place of a long text. */
function skip(
  from: number,
  direction: -1 | 1,
  characterAt: (place: number) => string,
  isWanted: (character: string) => boolean,
): number {
  let place = from;
  for (let count = 0; count < longestWord; count++) {
    const character = characterAt(place);
    if (character === "" || !isWanted(character)) break;
    place += direction * character.length;
  }
  return place;
}

function isWord(character: string): boolean {
  return /^[\p{L}\p{N}\p{M}_]/u.test(character);
}
