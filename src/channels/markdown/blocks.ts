import { splitCells, type Alignment } from "./cells.ts";
import { enterContainer, mostContainers, openItem, openQuote, type Container } from "./container.ts";
import {
  closesFence,
  expandIndent,
  indentOf,
  isBlank,
  isRule,
  longestHeader,
  parseDelimiterRow,
  parseFence,
  parseHeading,
  parseListMarker,
  parseUnderline,
  type FenceMark,
} from "./line-start.ts";

/** A whole text of Markdown as a tree. Words are still inline Markdown. */
export type Block = (
  | { readonly type: "paragraph"; readonly words: string }
  | { readonly type: "heading"; readonly level: number; readonly words: string }
  | { readonly type: "code"; readonly language: string; readonly text: string }
  | { readonly type: "table"; readonly header: Cells; readonly alignments: Aligned; readonly rows: Rows }
  | { readonly type: "rule" }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  /** `marker`: `• `, `2. `, `[x] `. */
  | { readonly type: "item"; readonly marker: string; readonly blocks: readonly Block[] }
) & {
  /** A blank line stands before it. */
  readonly hasGap: boolean;
};

type Cells = readonly string[];
type Aligned = readonly Alignment[];
type Rows = readonly Cells[];
type Draft = Block extends infer Each ? (Each extends Block ? Omit<Each, "hasGap"> : never) : never;

export function parseBlocks(text: string): readonly Block[] {
  return new BlockReader(text.split(/\r\n?|\n/), 0).read();
}

/** The lines inside of one container, or of the whole text. */
class BlockReader {
  readonly #lines: readonly string[];
  readonly #depth: number;
  readonly #blocks: Block[] = [];
  #place = 0;
  #hasGap = false;
  /** A numbered list goes on counting. */
  #lastItem: Container | undefined;

  constructor(lines: readonly string[], depth: number) {
    this.#lines = lines;
    this.#depth = depth;
  }

  read(): readonly Block[] {
    while (this.#place < this.#lines.length) this.#readBlock(this.#line());
    return this.#blocks;
  }

  #line(place = this.#place): string {
    return expandIndent(this.#lines[place] ?? "");
  }

  #add(block: Draft): void {
    this.#blocks.push({ ...block, hasGap: this.#hasGap && this.#blocks.length > 0 });
    this.#hasGap = false;
    this.#lastItem = undefined;
  }

  #readBlock(line: string): void {
    if (isBlank(line)) {
      this.#hasGap = true;
      this.#place += 1;
      return;
    }
    if (indentOf(line) >= 4) return this.#readIndented();
    const fence = parseFence(line);
    if (fence !== undefined) return this.#readFence(fence);
    const heading = parseHeading(line);
    if (heading !== undefined) {
      this.#place += 1;
      return this.#add({ type: "heading", level: heading.level, words: heading.text });
    }
    if (isRule(line)) {
      this.#place += 1;
      return this.#add({ type: "rule" });
    }
    if (this.#depth < mostContainers && this.#readContainer(line)) return;
    this.#readParagraph();
  }

  #readIndented(): void {
    const lines: string[] = [];
    while (this.#place < this.#lines.length) {
      const line = this.#line();
      if (!isBlank(line) && indentOf(line) < 4) break;
      lines.push(line.slice(4));
      this.#place += 1;
    }
    const text = lines.join("\n").trimEnd();
    const rest = lines.length - text.split("\n").length;
    this.#add({ type: "code", language: "", text });
    this.#hasGap = rest > 0;
  }

  #readFence(mark: FenceMark): void {
    const lines: string[] = [];
    for (this.#place += 1; this.#place < this.#lines.length; this.#place++) {
      const line = this.#line();
      if (closesFence(line, mark)) {
        this.#place += 1;
        break;
      }
      const raw = this.#lines[this.#place] ?? "";
      lines.push(mark.indent === 0 ? raw : line.slice(Math.min(indentOf(line), mark.indent)));
    }
    this.#add({ type: "code", language: mark.language, text: lines.join("\n") });
  }

  #readContainer(line: string): boolean {
    const quote = openQuote(line);
    const marker = quote === undefined ? parseListMarker(line) : undefined;
    if (quote === undefined && marker === undefined) return false;
    const before = this.#lastItem;
    const container = quote?.container ?? (marker === undefined ? undefined : openItem(marker, before));
    if (container === undefined) return false;
    const lines = [quote?.rest ?? expandIndent(marker?.rest ?? "")];
    this.#place += 1;
    this.#collect(container, lines);
    // What is blank at an item's end stands behind it.
    let blanks = 0;
    while (lines.length > 1 && isBlank(lines.at(-1) ?? "")) {
      lines.pop();
      blanks += 1;
    }
    const blocks = new BlockReader(lines, this.#depth + 1).read();
    if (container.type === "quote") this.#add({ type: "quote", blocks });
    else this.#add({ type: "item", marker: container.marker, blocks });
    this.#hasGap = blanks > 0;
    this.#lastItem = container.type === "item" ? container : undefined;
    return true;
  }

  #collect(container: Container, lines: string[]): void {
    let fence: FenceMark | undefined;
    let isText = false;
    const follow = (line: string): void => {
      const inner = line.replace(/^(?: {0,3}> ?)+/, "");
      if (fence !== undefined) {
        if (closesFence(inner, fence)) fence = undefined;
        isText = false;
        return;
      }
      fence = parseFence(inner);
      isText = fence === undefined && !isBlank(inner) && !isRule(inner) && parseHeading(inner) === undefined;
    };
    follow(lines[0] ?? "");
    for (; this.#place < this.#lines.length; this.#place++) {
      const line = this.#line();
      const inner = enterContainer(container, line);
      const begins = parseListMarker(line) !== undefined || this.#begins(line);
      if (inner === undefined && (begins || !isText)) return;
      const next = inner ?? line.trimStart();
      if (container.type === "item" && isBlank(next) && !this.#goesOn(container)) return;
      lines.push(next);
      follow(next);
    }
  }

  /** Behind a blank line an item goes on only with what is indented. */
  #goesOn(container: Container): boolean {
    for (let place = this.#place; place < this.#lines.length; place++) {
      const line = this.#line(place);
      if (!isBlank(line)) return enterContainer(container, line) !== undefined;
    }
    return false;
  }

  /** Whether a line begins something and does not go on with a paragraph. */
  #begins(line: string, isInParagraph = true): boolean {
    if (isBlank(line)) return true;
    if (indentOf(line) >= 4) return !isInParagraph;
    const isMark = isRule(line) || parseHeading(line) !== undefined || parseFence(line) !== undefined;
    if (isMark || (this.#depth < mostContainers && openQuote(line) !== undefined)) return true;
    const marker = this.#depth < mostContainers ? parseListMarker(line) : undefined;
    if (marker === undefined) return false;
    return !isBlank(marker.rest) && (marker.number === undefined || marker.number === 1);
  }

  #readParagraph(): void {
    const lines = [this.#line().trimStart()];
    for (this.#place += 1; this.#place < this.#lines.length; this.#place++) {
      const line = this.#line();
      const above = lines.at(-1) ?? "";
      const alignments = parseDelimiterRow(line, above);
      if (alignments !== undefined) {
        lines.pop();
        if (lines.length > 0) this.#add({ type: "paragraph", words: lines.join("\n") });
        return this.#readTable(splitCells(above), alignments);
      }
      const level = parseUnderline(line);
      if (level !== undefined && lines.length === 1 && above.length <= longestHeader) {
        this.#place += 1;
        return this.#add({ type: "heading", level, words: above });
      }
      if (this.#begins(line)) break;
      lines.push(line.trimStart());
    }
    this.#add({ type: "paragraph", words: lines.join("\n").trimEnd() });
  }

  #readTable(header: Cells, alignments: Aligned): void {
    const rows: Cells[] = [];
    for (this.#place += 1; this.#place < this.#lines.length; this.#place++) {
      const line = this.#line();
      if (parseListMarker(line) !== undefined || this.#begins(line, false)) break;
      rows.push(splitCells(line));
    }
    // Cells without a title are cells all the same.
    const columns = Math.max(header.length, ...rows.map((row) => row.length));
    const titles = [...header, ...Array.from({ length: columns - header.length }, () => "")];
    this.#add({ type: "table", header: titles, alignments, rows });
  }
}
