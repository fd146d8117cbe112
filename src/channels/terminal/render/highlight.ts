import { plain, type Ink, type Span } from "./ink.ts";
import { findLanguage, type Language } from "./languages.ts";

/** What a line of code begins in: nothing, or the closing mark that a comment or string still waits for. */
export interface CodeState {
  readonly closer: string;
  readonly isComment: boolean;
}

export const startOfCode: CodeState = { closer: "", isComment: false };

const comment: Ink = { dim: true };
const string: Ink = { color: "green" };
const number: Ink = { color: "cyan" };
const keyword: Ink = { color: "magenta" };
const added: Ink = { color: "green" };
const removed: Ink = { color: "red" };

/** Colours one line by its tokens. Knows no grammar: a wrong colour is possible, a lost character is not. */
export function highlightLine(
  line: string,
  languageName: string,
  state: CodeState,
): { readonly spans: readonly Span[]; readonly state: CodeState } {
  if (languageName === "diff" || languageName === "patch") {
    return { spans: [{ text: line, ink: toDiffInk(line) }], state };
  }
  const language = findLanguage(languageName);
  if (language === undefined) return { spans: [{ text: line, ink: plain }], state };
  return new LineHighlighter(line, language).run(state);
}

function toDiffInk(line: string): Ink {
  if (line.startsWith("+")) return added;
  if (line.startsWith("-")) return removed;
  return line.startsWith("@@") ? number : plain;
}

class LineHighlighter {
  readonly #line: string;
  readonly #language: Language;
  readonly #spans: Span[] = [];
  #place = 0;

  constructor(line: string, language: Language) {
    this.#line = line;
    this.#language = language;
  }

  run(start: CodeState): { readonly spans: readonly Span[]; readonly state: CodeState } {
    let state = start;
    if (state.closer !== "") state = this.#readUntil(state, this.#place);
    const pattern = new RegExp(this.#language.tokens, this.#language.isCaseless ? "giuy" : "guy");
    while (this.#place < this.#line.length && state.closer === "") {
      pattern.lastIndex = this.#place;
      const found = pattern.exec(this.#line);
      if (found === null) {
        this.#take(1, plain);
        continue;
      }
      const [token] = found;
      const groups = found.groups ?? {};
      if (groups["line"] !== undefined) this.#take(this.#line.length - this.#place, comment);
      else if (groups["open"] !== undefined) {
        const closer = this.#language.blocks[token] ?? "";
        const isComment = this.#language.comments.includes(token);
        state = this.#readUntil({ closer, isComment }, this.#place + token.length);
      } else this.#take(token.length, this.#toInk(token, groups));
    }
    return { spans: this.#spans, state };
  }

  #toInk(token: string, groups: Readonly<Record<string, string | undefined>>): Ink {
    if (groups["string"] !== undefined) return string;
    if (groups["number"] !== undefined) return number;
    if (groups["word"] === undefined) return plain;
    return this.#language.keywords.has(this.#language.isCaseless ? token.toLowerCase() : token)
      ? keyword
      : plain;
  }

  /** To the closing mark, which may stand lines below. */
  #readUntil(state: CodeState, searchFrom: number): CodeState {
    let end = this.#line.indexOf(state.closer, searchFrom);
    while (end > 0 && !state.isComment && isEscaped(this.#line, end)) {
      end = this.#line.indexOf(state.closer, end + 1);
    }
    const next = end === -1 ? this.#line.length : end + state.closer.length;
    this.#take(next - this.#place, state.isComment ? comment : string);
    return end === -1 ? state : startOfCode;
  }

  #take(length: number, ink: Ink): void {
    if (length > 0) this.#spans.push({ text: this.#line.slice(this.#place, this.#place + length), ink });
    this.#place += length;
  }
}

function isEscaped(line: string, place: number): boolean {
  let slashes = 0;
  while (line[place - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}
