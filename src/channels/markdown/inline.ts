import { toSafeAddress } from "./address.ts";
import { createDelimiter, matchEmphasis, type Delimiter, type Reach } from "./emphasis.ts";
import { decodeEntity } from "./entity.ts";
import { readDestination } from "./destination.ts";

/** A piece of inline Markdown in the order it was written, and what is known of it. */
export interface InlineNode {
  text: string;
  readonly at: number;
  readonly isCode?: boolean;
  readonly delimiter?: Delimiter;
  link?: string;
}

export interface InlineNodes {
  readonly nodes: readonly InlineNode[];
  /** What stands before this place of the source looks the same whatever follows the text. */
  readonly settled: number;
}

interface Bracket {
  readonly node: number;
  readonly delimiter: number;
  readonly at: number;
  isActive: boolean;
}

const plainRun = /(?:(?!https?:\/\/)[^\\`*_~[\]!<&\n])+/y;
const bareAddress = /https?:\/\/[^\s<>`[\]]+/y;
const autolink = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>/iy;
const lineBreakTag = /<br\s*\/?>/iy;
const entity = /&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/iy;
const escaped = /\\[!-/:-@[-`{-~]/y;

/** The inline part of Markdown. Linear in its text, which the caller keeps short. */
export function parseInline(text: string): InlineNodes {
  return new InlineParser(text).parse();
}

class InlineParser {
  readonly #text: string;
  readonly #nodes: InlineNode[] = [];
  readonly #delimiters: Delimiter[] = [];
  readonly #brackets: Bracket[] = [];
  /** Lengths of backtick runs that nothing behind closes. */
  readonly #openTicks = new Set<number>();
  /** What belongs together: if its end is in doubt, so is its beginning. */
  readonly #reaches: Reach[] = [];
  #place = 0;
  #unsettled: number;

  constructor(text: string) {
    this.#text = text;
    this.#unsettled = findLastWord(text);
  }

  parse(): InlineNodes {
    while (this.#place < this.#text.length) this.#step();
    this.#reaches.push(...matchEmphasis(this.#delimiters));
    for (const node of this.#nodes) {
      const { delimiter } = node;
      if (delimiter === undefined) continue;
      if (delimiter.canOpen && delimiter.left > 0 && !delimiter.isDead) this.#doubt(node.at);
      node.text = delimiter.character.repeat(delimiter.left);
    }
    for (const { at, isActive } of this.#brackets) if (isActive) this.#doubt(at);
    for (const { start, end } of this.#reaches.toSorted((one, other) => other.start - one.start)) {
      if (end > this.#unsettled) this.#doubt(start);
    }
    return { nodes: this.#nodes, settled: this.#unsettled };
  }

  #doubt(at: number): void {
    this.#unsettled = Math.min(this.#unsettled, at);
  }

  #step(): void {
    const at = this.#place;
    switch (this.#text[at]) {
      case "\n":
        // Models break lines where they want them broken: a line's end is one.
        return this.#add("\n", at + 1);
      case "\\":
        if (this.#text[at + 1] === "\n") return this.#add("\n", at + 2);
        return this.#match(escaped) ? this.#add(this.#text.charAt(at + 1), at + 2) : this.#add("\\", at + 1);
      case "`":
        return this.#readTicks();
      case "*":
      case "_":
      case "~":
        return this.#readDelimiter();
      case "!":
        return this.#text[at + 1] === "[" ? this.#openBracket("![") : this.#add("!", at + 1);
      case "[":
        return this.#openBracket("[");
      case "]":
        return this.#closeBracket();
      case "<":
        return this.#readTag();
      case "&": {
        const found = this.#match(entity);
        const character = found === undefined ? undefined : decodeEntity(found);
        return character === undefined
          ? this.#add("&", at + 1)
          : this.#add(character, at + (found ?? "").length);
      }
      default:
        return this.#readText();
    }
  }

  #add(text: string, next: number, facts: Omit<InlineNode, "text" | "at"> = {}): void {
    this.#nodes.push({ text, at: this.#place, ...facts });
    this.#place = next;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#place;
    return pattern.exec(this.#text)?.[0];
  }

  #readText(): void {
    const run = this.#match(plainRun);
    if (run !== undefined) return this.#add(run, this.#place + run.length);
    const address = this.#match(bareAddress);
    if (address === undefined || /[\p{L}\p{N}]/u.test(this.#text[this.#place - 1] ?? "")) {
      return this.#add(this.#text.charAt(this.#place), this.#place + 1);
    }
    const trimmed = trimAddress(address);
    const safe = toSafeAddress(trimmed);
    this.#add(trimmed, this.#place + trimmed.length, safe === undefined ? {} : { link: safe });
  }

  #readTicks(): void {
    const at = this.#place;
    let length = 1;
    while (this.#text[at + length] === "`") length += 1;
    const end = this.#openTicks.has(length) ? -1 : findTicks(this.#text, at + length, length);
    if (end === -1) {
      this.#openTicks.add(length);
      this.#doubt(at);
      return this.#add("`".repeat(length), at + length);
    }
    this.#reaches.push({ start: at, end: end + length });
    const code = this.#text.slice(at + length, end).replaceAll("\n", " ");
    const isPadded = code.startsWith(" ") && code.endsWith(" ") && code.trim() !== "";
    this.#add(isPadded ? code.slice(1, -1) : code, end + length, { isCode: true });
  }

  #readDelimiter(): void {
    const at = this.#place;
    const character = this.#text.charAt(at);
    let length = 1;
    while (this.#text[at + length] === character) length += 1;
    const run = character.repeat(length);
    if (character === "~" && length !== 2) return this.#add(run, at + length);
    const delimiter = createDelimiter(
      at,
      run,
      characterBefore(this.#text, at),
      String.fromCodePoint(this.#text.codePointAt(at + length) ?? 0x20),
    );
    this.#delimiters.push(delimiter);
    this.#add(run, at + length, { delimiter });
  }

  #openBracket(mark: string): void {
    this.#brackets.push({
      node: this.#nodes.length,
      delimiter: this.#delimiters.length,
      at: this.#place,
      isActive: true,
    });
    this.#add(mark, this.#place + mark.length);
  }

  #closeBracket(): void {
    const at = this.#place;
    const bracket = this.#brackets.at(-1);
    if (bracket === undefined) return this.#add("]", at + 1);
    const destination = readDestination(this.#text, at + 1);
    // What follows may still make a link of it.
    if (destination === "unfinished") this.#doubt(bracket.at);
    this.#brackets.pop();
    if (!bracket.isActive || destination === undefined || destination === "unfinished") {
      return this.#add("]", at + 1);
    }
    this.#link(bracket, destination.address);
    this.#place = destination.end;
  }

  #link(bracket: Bracket, address: string): void {
    const opening = this.#nodes[bracket.node];
    if (opening === undefined) return;
    const isImage = opening.text === "![";
    const pairs = matchEmphasis(this.#delimiters.splice(bracket.delimiter));
    this.#reaches.push({ start: bracket.at, end: this.#place }, ...pairs);
    const words = this.#nodes.slice(bracket.node + 1);
    opening.text = isImage && words.length === 0 ? "image" : "";
    const safe = toSafeAddress(address);
    if (safe === undefined) {
      if (address !== "") this.#nodes.push({ text: ` (${address})`, at: this.#place });
    } else {
      for (const node of [opening, ...words]) node.link = safe;
    }
    if (!isImage) for (const outer of this.#brackets) outer.isActive = false;
  }

  #readTag(): void {
    const tag = this.#match(lineBreakTag);
    if (tag !== undefined) return this.#add("\n", this.#place + tag.length);
    const found = this.#match(autolink);
    if (found === undefined) return this.#add("<", this.#place + 1);
    const words = found.slice(1, -1);
    const safe = toSafeAddress(words.includes(":") ? words : `mailto:${words}`);
    this.#add(words, this.#place + found.length, safe === undefined ? {} : { link: safe });
  }
}

/** The word that the text ends in may still grow, and mean something else. */
function findLastWord(text: string): number {
  let place = text.length;
  while (place > 0 && !/\s/.test(text.charAt(place - 1))) place -= 1;
  return place;
}

function characterBefore(text: string, place: number): string {
  const unit = text.charCodeAt(place - 1);
  return text.slice(unit >= 0xdc00 && unit <= 0xdfff ? place - 2 : Math.max(0, place - 1), place);
}

function findTicks(text: string, from: number, length: number): number {
  for (let place = text.indexOf("`", from); place !== -1; place = text.indexOf("`", place)) {
    const start = place;
    while (text[place] === "`") place += 1;
    if (place - start === length) return start;
  }
  return -1;
}

/** Punctuation at the end of a sentence, and a parenthesis that was opened before the address, are not part of it. */
function trimAddress(address: string): string {
  let trimmed = address;
  for (;;) {
    const shorter = trimmed.replace(/[?!.,:;*_~'"\]]+$/, "");
    const hasExtra = shorter.endsWith(")") && count(shorter, "(") < count(shorter, ")");
    const next = hasExtra ? shorter.slice(0, -1) : shorter;
    if (next === trimmed) return trimmed;
    trimmed = next;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
