import type { Ink, Span } from "./ink.ts";
import { measure, takeColumns } from "./width.ts";

/** A span that knows where in its source it began. A line break in its text breaks the row. */
export interface PlacedSpan extends Span {
  readonly at: number;
  /** Its spaces stay as many as they are. */
  readonly isVerbatim?: boolean;
}

export interface WrappedRow {
  readonly spans: readonly Span[];
  readonly width: number;
  /** Place in the source of the row's first character. */
  readonly at: number;
}

/**
 * East Asian characters that a line may be broken between, each with the punctuation that must not begin a line.
 */
const wide =
  "[\\u1100-\\u115f\\u2e80-\\u2fff\\u3041-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f\\uac00-\\ud7a3\\uf900-\\ufaff\\uff01-\\uff60\\u{20000}-\\u{3fffd}]";
const tokens = new RegExp(
  `\\n|[ \\t]+|${wide}[\\p{M}\\u3001\\u3002\\u300d\\u300f\\u3011\\uff01\\uff09\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f]*|(?:(?!${wide})[^ \\t\\n])+`,
  "gu",
);
const isWide = new RegExp(`^${wide}`, "u");

/** Breaks at spaces and between East Asian characters; a word wider than a row is broken where the row ends. */
export function wrapSpans(spans: readonly PlacedSpan[], columns: number): readonly WrappedRow[] {
  const rows = new RowBuilder(Math.max(1, columns));
  for (const span of spans) {
    for (const match of span.text.matchAll(tokens)) {
      const [token] = match;
      const at = span.at + match.index;
      if (token === "\n") rows.breakRow(at + 1);
      else if (token.startsWith(" ") || token.startsWith("\t"))
        rows.addSpace(span.isVerbatim === true ? token.replaceAll("\t", " ") : " ", span.ink);
      else rows.addText({ text: token, ink: span.ink, at }, isWide.test(token));
    }
  }
  return rows.end();
}

class RowBuilder {
  readonly #columns: number;
  readonly #rows: WrappedRow[] = [];
  #spans: Span[] = [];
  #width = 0;
  #at: number | undefined;
  #space: Span | undefined;
  #word: PlacedSpan[] = [];
  #wordWidth = 0;
  #isWordWide = false;

  constructor(columns: number) {
    this.#columns = columns;
  }

  addSpace(text: string, ink: Ink): void {
    this.#endWord();
    if (this.#width > 0) this.#space ??= { text, ink };
  }

  addText(span: PlacedSpan, isBreakable: boolean): void {
    if (isBreakable || this.#isWordWide) this.#endWord();
    this.#word.push(span);
    this.#wordWidth += measure(span.text);
    this.#isWordWide = isBreakable;
  }

  /** A break with nothing before it is an empty row. */
  breakRow(nextAt: number): void {
    this.#endWord();
    this.#endRow();
    this.#at = nextAt;
  }

  end(): readonly WrappedRow[] {
    this.#endWord();
    if (this.#spans.length > 0) this.#endRow();
    return this.#rows;
  }

  #endWord(): void {
    if (this.#word.length === 0) return;
    const spaceWidth = measure(this.#space?.text ?? "");
    if (this.#width > 0 && this.#width + spaceWidth + this.#wordWidth > this.#columns) this.#endRow();
    if (this.#space !== undefined && this.#width > 0) {
      this.#spans.push(this.#space);
      this.#width += spaceWidth;
    }
    this.#space = undefined;
    if (this.#wordWidth > this.#columns) for (const span of this.#word) this.#addBroken(span);
    else for (const span of this.#word) this.#add(span, measure(span.text));
    this.#word = [];
    this.#wordWidth = 0;
    this.#isWordWide = false;
  }

  #addBroken(span: PlacedSpan): void {
    for (let place = 0; place < span.text.length;) {
      const { taken, width } = takeColumns(span.text.slice(place), this.#columns - this.#width);
      if (this.#width > 0 && this.#width + width > this.#columns) {
        this.#endRow();
        continue;
      }
      this.#add({ ...span, text: taken, at: span.at + place }, width);
      place += taken.length;
    }
  }

  #add(span: PlacedSpan, width: number): void {
    this.#at ??= span.at;
    this.#spans.push(span);
    this.#width += width;
  }

  #endRow(): void {
    this.#rows.push({ spans: this.#spans, width: this.#width, at: this.#at ?? 0 });
    this.#spans = [];
    this.#width = 0;
    this.#at = undefined;
    this.#space = undefined;
  }
}
