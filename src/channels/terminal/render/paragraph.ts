import { paint, plain, type Ink } from "./ink.ts";
import { parseInline } from "./inline.ts";
import { longestHeader } from "../../markdown/line-start.ts";
import { wrapSpans } from "./wrap.ts";

/** Lines that run together. */
export interface Paragraph {
  readonly type: "paragraph";
  readonly text: string;
  /** Where in `text` its last two lines begin. */
  readonly lastLine: number;
  readonly lineBefore: number;
}

export interface RowLayout {
  readonly columns: number;
  readonly hasLinks: boolean;
}

/** A longer one is shown in parts, so that a frame costs the same however long the text is. */
export const longestParagraph = 4096;

export function startParagraph(line: string): Paragraph {
  return { type: "paragraph", text: line.trimStart(), lastLine: 0, lineBefore: 0 };
}

export function addLine(paragraph: Paragraph, line: string): Paragraph {
  const lastLine = paragraph.text.length + 1;
  const text = `${paragraph.text}\n${line.trimStart()}`;
  return { ...paragraph, text, lastLine, lineBefore: paragraph.lastLine };
}

export function paintText(text: string, ink: Ink, layout: RowLayout): readonly string[] {
  const { spans } = parseInline(text.trimEnd(), { ink, hasLinks: layout.hasLinks });
  return wrapSpans(spans, layout.columns).map((row) => paint(row.spans));
}

/** How many of a paragraph's first rows stay as they are, whatever comes next. */
export function countSettledRows(paragraph: Paragraph, layout: RowLayout): number {
  const known = paragraph.text.slice(0, findDecidedEnd(paragraph));
  if (known.length < layout.columns * 2) return 0;
  const { spans, settled } = parseInline(known, { ink: plain, hasLinks: layout.hasLinks });
  const rows = wrapSpans(spans, layout.columns);
  const reached = rows.findLastIndex((row) => row.at <= settled);
  // The row before needs the whole first word of the next one to know where it ends.
  return Math.max(0, reached - 1);
}

/**
 * A short last line may turn out to belong to another block, and may make a table's header or a heading of the one
 * before it.
 */
function findDecidedEnd({ text, lastLine, lineBefore }: Paragraph): number {
  if (text.length - lastLine > longestHeader) return text.length;
  if (lastLine - lineBefore > longestHeader + 1) return Math.max(0, lastLine - 1);
  return lineBefore;
}
