import { breakRow } from "./break-row.ts";
import { splitCells } from "../../markdown/cells.ts";
import {
  enterContainer,
  mostContainers,
  openItem,
  openQuote,
  type Container,
} from "../../markdown/container.ts";
import { highlightLine, startOfCode, type CodeState } from "./highlight.ts";
import { dim, paint, paintText as paintPlain, type Ink } from "./ink.ts";
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
} from "../../markdown/line-start.ts";
import {
  addLine,
  countSettledRows,
  longestParagraph,
  paintText,
  startParagraph,
  type Paragraph,
} from "./paragraph.ts";
import { paintPrefix } from "./prefix.ts";
import { fitColumns, mostColumns, paintBody, paintTable, type Table } from "./table.ts";
import { clipText, expandTabs } from "./width.ts";

export interface PaintLayout {
  readonly columns: number;
  readonly hasLinks: boolean;
}

type Leaf =
  | Paragraph
  | { readonly type: "fence"; readonly mark: FenceMark; readonly state: CodeState }
  | { readonly type: "table"; readonly table: Table; readonly size: number }
  /** A table that is too long to wait for its end: its widths are known, its rows are shown as they come. */
  | { readonly type: "long-table"; readonly table: Table; readonly widths: readonly number[] | undefined };

type Kind = "text" | "heading" | "fence" | "code" | "table" | "rule";

const sampleRows = 50;
const sampleSize = 16_384;
const codeRule = 40;
const bold: Ink = { bold: true };
const code: Ink = { color: "cyan" };

/**
 * Markdown to rows, line by line. A row that it hands out is final. It can be forked at any line, so that what an
 * unfinished line would look like can be seen without deciding.
 */
export class BlockPainter {
  readonly #layout: PaintLayout;
  #containers: readonly Container[] = [];
  #leaf: Leaf | undefined;
  #rows: string[] = [];
  #hasBlank = false;
  #lastKind: Kind | undefined;

  constructor(layout: PaintLayout) {
    this.#layout = layout;
  }

  /** Nothing in it is changed in place but its list of rows, so a copy costs nothing. */
  fork(layout = this.#layout): BlockPainter {
    const copy = new BlockPainter(layout);
    copy.#containers = this.#containers;
    copy.#leaf = this.#leaf;
    copy.#hasBlank = this.#hasBlank;
    copy.#lastKind = this.#lastKind;
    return copy;
  }

  takeRows(): readonly string[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** How many of the rows that the end of the open block would give are final already. Asked of a fork without rows. */
  countSettledRows(): number {
    if (this.#leaf?.type !== "paragraph" || this.#rows.length > 0) return 0;
    const { width } = paintPrefix(this.#containers, this.#layout.columns);
    const settled = countSettledRows(this.#leaf, {
      ...this.#layout,
      columns: this.#layout.columns - width,
    });
    return settled === 0 ? 0 : settled + (this.#needsGap("text") ? 1 : 0);
  }

  /** `isContinued`: the rest of a line that was too long to wait for its end; it begins nothing. */
  addLine(line: string, isContinued = false): void {
    if (isContinued) this.#continue(line);
    else this.#addLine(expandIndent(line));
    if (this.#leaf?.type === "paragraph" && this.#leaf.text.length >= longestParagraph) this.#endPart();
  }

  end(): void {
    this.#endLeaf();
    this.#showMarkers();
    this.#containers = [];
  }

  #continue(line: string): void {
    if (this.#leaf?.type === "fence") return this.#addCode(line, this.#leaf);
    if (this.#leaf?.type === "paragraph") {
      this.#leaf = { ...this.#leaf, text: this.#leaf.text + line };
      return;
    }
    this.#endLeaf();
    this.#leaf = startParagraph(line);
  }

  #addLine(line: string): void {
    let rest = line;
    let depth = 0;
    for (const container of this.#containers) {
      const inner = enterContainer(container, rest);
      if (inner === undefined) break;
      rest = inner;
      depth += 1;
    }
    const isInside = depth === this.#containers.length;
    if (this.#leaf?.type === "fence" && isInside) return this.#addFenceLine(rest, this.#leaf);
    if (isBlank(rest)) return this.#addBlank(depth);
    const opened = this.#openContainers(rest, depth, isInside);
    if (opened.containers.length === 0 && !isInside && this.#isLazy(rest)) return this.#addText(rest);
    if (opened.containers.length > 0 || !isInside) {
      this.#endLeaf();
      this.#showMarkers(depth);
      this.#containers = [...this.#containers.slice(0, depth), ...opened.containers];
    }
    if (!isBlank(opened.rest)) this.#addContent(opened.rest);
  }

  /** Quotes and items that begin in this line. */
  #openContainers(
    line: string,
    depth: number,
    isInside: boolean,
  ): { readonly containers: readonly Container[]; readonly rest: string } {
    const containers: Container[] = [];
    let rest = line;
    while (depth + containers.length < mostContainers && indentOf(rest) < 4) {
      const quote = openQuote(rest);
      if (quote !== undefined) {
        containers.push(quote.container);
        ({ rest } = quote);
        continue;
      }
      const mark = parseListMarker(rest);
      if (mark === undefined) break;
      const interrupts = isInside && containers.length === 0 && this.#leaf?.type === "paragraph";
      if (interrupts && (isBlank(mark.rest) || (mark.number !== undefined && mark.number !== 1))) break;
      containers.push(openItem(mark, containers.length === 0 ? this.#containers[depth] : undefined));
      rest = expandIndent(mark.rest);
    }
    return { containers, rest };
  }

  /** A paragraph goes on in a line that only forgot its marks. */
  #isLazy(line: string): boolean {
    const isText = !isRule(line) && parseHeading(line) === undefined && parseFence(line) === undefined;
    return this.#leaf?.type === "paragraph" && isText;
  }

  #addContent(line: string): void {
    const leaf = this.#leaf;
    const isParagraph = leaf?.type === "paragraph";
    if (indentOf(line) >= 4 && !isParagraph) {
      this.#endLeaf();
      return this.#emit("text", [paintPlain(line.slice(4), code)]);
    }
    if (isParagraph && this.#addUnderline(line, leaf)) return;
    const heading = parseHeading(line);
    const fence = parseFence(line);
    if (heading !== undefined) {
      this.#endLeaf();
      return this.#addHeading(heading.level, heading.text);
    }
    if (fence !== undefined) {
      this.#endLeaf();
      return this.#openFence(fence);
    }
    if (isRule(line)) {
      this.#endLeaf();
      return this.#emit("rule", [paintPlain("─".repeat(Math.max(1, this.#textColumns())), dim)]);
    }
    if (leaf?.type === "table" || leaf?.type === "long-table") return this.#addTableRow(line, leaf);
    this.#addText(line);
  }

  #addText(line: string): void {
    this.#leaf = this.#leaf?.type === "paragraph" ? addLine(this.#leaf, line) : startParagraph(line);
  }

  /** What makes a heading of the line above, or a table's header. */
  #addUnderline(line: string, { text, lastLine }: Paragraph): boolean {
    if (!/^ {0,3}[-=|:]/.test(line)) return false;
    const above = text.slice(lastLine);
    const alignments = parseDelimiterRow(line, above);
    if (alignments !== undefined && alignments.length <= mostColumns) {
      this.#leaf = lastLine === 0 ? undefined : startParagraph(text.slice(0, lastLine - 1));
      this.#endLeaf();
      this.#leaf = { type: "table", table: { header: splitCells(above), alignments, rows: [] }, size: 0 };
      return true;
    }
    const level = parseUnderline(line);
    if (level === undefined || lastLine > 0 || text.length > longestHeader) return false;
    this.#leaf = undefined;
    this.#addHeading(level, text);
    return true;
  }

  #addBlank(depth: number): void {
    const isQuoteLeft = this.#containers.slice(depth).some(({ type }) => type === "quote");
    this.#endLeaf();
    if (isQuoteLeft) {
      this.#showMarkers(depth);
      this.#containers = this.#containers.slice(0, depth);
    }
    this.#hasBlank = true;
  }

  #addHeading(level: number, text: string): void {
    const layout = { ...this.#layout, columns: this.#textColumns() };
    const ink: Ink = level === 1 ? { bold: true, underline: true } : bold;
    const rows = paintText(text, ink, layout);
    if (rows.length > 0) this.#emit("heading", rows);
  }

  #openFence(mark: FenceMark): void {
    this.#leaf = { type: "fence", mark, state: startOfCode };
    const width = Math.min(codeRule, Math.max(1, this.#textColumns()));
    const label = mark.language === "" ? "" : `── ${clipText(mark.language, width - 4)} `;
    this.#emit("fence", [paintPlain(label + "─".repeat(Math.max(0, width - Bun.stringWidth(label))), dim)]);
  }

  #addFenceLine(line: string, leaf: Extract<Leaf, { type: "fence" }>): void {
    if (closesFence(line, leaf.mark)) return this.#endLeaf();
    this.#addCode(line.slice(Math.min(indentOf(line), leaf.mark.indent)), leaf);
  }

  #addCode(line: string, leaf: Extract<Leaf, { type: "fence" }>): void {
    const { spans, state } = highlightLine(expandTabs(line), leaf.mark.language, leaf.state);
    this.#leaf = { ...leaf, state };
    this.#emit("code", this.#breakCode(paint(spans)));
  }

  /** At the margin the terminal breaks code, so that it is copied as it was written; behind a mark of ours we do. */
  #breakCode(row: string): readonly string[] {
    return this.#containers.length === 0 ? [row] : breakRow(row, this.#textColumns());
  }

  #addTableRow(line: string, leaf: Extract<Leaf, { type: "table" | "long-table" }>): void {
    const cells = splitCells(line).slice(0, mostColumns);
    const layout = { ...this.#layout, columns: this.#textColumns() };
    if (leaf.type === "long-table") {
      return this.#emit("table", paintBody(leaf.table, [cells], leaf.widths, layout));
    }
    const table = { ...leaf.table, rows: [...leaf.table.rows, cells] };
    const size = leaf.size + line.length;
    this.#leaf = { type: "table", table, size };
    if (table.rows.length < sampleRows && size < sampleSize) return;
    this.#leaf = { type: "long-table", table: { ...table, rows: [] }, widths: fitColumns(table, layout) };
    this.#emit("table", paintTable(table, layout));
  }

  /** Of a paragraph that is too long to be kept whole. */
  #endPart(): void {
    this.#endLeaf();
    this.#hasBlank = false;
  }

  #endLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = undefined;
    const layout = { ...this.#layout, columns: this.#textColumns() };
    switch (leaf?.type) {
      case "paragraph":
        return this.#emit("text", paintText(leaf.text, {}, layout));
      case "table":
        return this.#emit("table", paintTable(leaf.table, layout));
      case "fence":
        return this.#emit("code", [
          paintPlain("─".repeat(Math.min(codeRule, Math.max(1, layout.columns))), dim),
        ]);
      case "long-table":
      case undefined:
        return;
      default:
        leaf satisfies never;
    }
  }

  /** An item that nothing was written in still has its mark. */
  #showMarkers(depth = 0): void {
    const last = this.#containers.at(-1);
    if (this.#containers.length > depth && last?.type === "item" && !last.hasRows) this.#emit("text", [""]);
  }

  #textColumns(): number {
    return Math.max(1, this.#layout.columns - paintPrefix(this.#containers, this.#layout.columns).width);
  }

  #emit(kind: Kind, rows: readonly string[]): void {
    if (this.#needsGap(kind)) this.#rows.push(this.#gapRow());
    for (const row of rows) {
      const { painted } = paintPrefix(this.#containers, this.#layout.columns);
      this.#rows.push(row === "" ? trimPrefix(painted) : painted + row);
      if (this.#containers.some(({ hasRows }) => !hasRows)) {
        this.#containers = this.#containers.map((container) => ({ ...container, hasRows: true }));
      }
    }
    if (rows.length === 0) return;
    this.#hasBlank = false;
    this.#lastKind = kind;
  }

  /** As much air as was written; headings, and what has edges, always have some. */
  #needsGap(kind: Kind): boolean {
    const last = this.#lastKind;
    if (last === undefined) return false;
    if (this.#hasBlank && kind !== "code") return true;
    if (kind === "code" || (kind === last && kind !== "heading")) return false;
    if (kind === "fence" && last === "code") return true;
    const isTop = this.#containers.length === 0;
    return kind === "heading" || last === "heading" || (isTop && (isFramed(kind) || isFramed(last)));
  }

  #gapRow(): string {
    const shown = this.#containers.findIndex(({ hasRows }) => !hasRows);
    const containers = shown === -1 ? this.#containers : this.#containers.slice(0, shown);
    return trimPrefix(paintPrefix(containers, this.#layout.columns).painted);
  }
}

function isFramed(kind: Kind): boolean {
  return kind === "fence" || kind === "code" || kind === "table" || kind === "rule";
}

/** Spaces behind the last mark are nothing that is seen. */
function trimPrefix(painted: string): string {
  return painted.replace(/ +(\u001b\[0m)?$/, "$1");
}
