import type { Alignment } from "../../markdown/cells.ts";
import { dim, paint, paintText, plain, type Ink, type Span } from "./ink.ts";
import { parseInline } from "./inline.ts";
import { measure } from "./width.ts";
import { wrapSpans, type PlacedSpan, type WrappedRow } from "./wrap.ts";

export interface Table {
  readonly header: readonly string[];
  readonly alignments: readonly Alignment[];
  readonly rows: readonly (readonly string[])[];
}

export interface TableLayout {
  readonly columns: number;
  readonly hasLinks: boolean;
}

/** A wider one is shown as text. */
export const mostColumns = 40;

const bold: Ink = { bold: true };
const separator = " │ ";
const narrowest = 6;
const recordRule = 20;

/** Widths that fit, or undefined where a row would not: then each row is shown as a record. */
export function fitColumns(table: Table, { columns, hasLinks }: TableLayout): readonly number[] | undefined {
  const natural = table.header.map((title, index) =>
    Math.max(
      1,
      ...[title, ...table.rows.map((row) => row[index] ?? "")].map((cell) => measureCell(cell, hasLinks)),
    ),
  );
  const available = columns - separator.length * (natural.length - 1);
  const smallest = natural.map((width) => Math.min(width, narrowest));
  if (sum(smallest) > available) return undefined;
  return shrink(natural, available);
}

/** The widest columns give first. */
function shrink(natural: readonly number[], available: number): readonly number[] {
  let low = 1;
  let high = Math.max(...natural);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(natural.map((width) => Math.min(width, middle))) <= available) low = middle;
    else high = middle - 1;
  }
  const widths = natural.map((width) => Math.min(width, low));
  let left = available - sum(widths);
  return widths.map((width, index) => {
    if (left <= 0 || width >= (natural[index] ?? 0)) return width;
    left -= 1;
    return width + 1;
  });
}

/** A table whose rows are all there. */
export function paintTable(table: Table, layout: TableLayout): readonly string[] {
  const widths = fitColumns(table, layout);
  const header = widths === undefined ? [] : paintHeader(table, widths, layout.hasLinks);
  return [...header, ...paintBody(table, table.rows, widths, layout)];
}

/** Rows of it; `widths` as `fitColumns` found them. */
export function paintBody(
  table: Table,
  rows: readonly (readonly string[])[],
  widths: readonly number[] | undefined,
  layout: TableLayout,
): readonly string[] {
  return rows.flatMap((row) =>
    widths === undefined
      ? [...paintRecord(table, row, layout), paintText("─".repeat(Math.min(recordRule, layout.columns)), dim)]
      : paintRow(table, row, widths, layout.hasLinks),
  );
}

function paintHeader(table: Table, widths: readonly number[], hasLinks: boolean): readonly string[] {
  const rule = widths.map((width) => "─".repeat(width)).join("─┼─");
  return [...paintCells(table.header, table.alignments, widths, hasLinks, bold), paintText(rule, dim)];
}

function paintRow(
  table: Table,
  row: readonly string[],
  widths: readonly number[],
  hasLinks: boolean,
): readonly string[] {
  return paintCells(row, table.alignments, widths, hasLinks, plain);
}

/** A row as lines of its own: `Title: cell`. */
function paintRecord(table: Table, row: readonly string[], layout: TableLayout): readonly string[] {
  return table.header.flatMap((title, index) => {
    const label: readonly PlacedSpan[] = parseCell(`${title}:`, layout.hasLinks, bold);
    const cell = parseCell(` ${row[index] ?? ""}`, layout.hasLinks, plain);
    return wrapSpans([...label, ...cell], layout.columns).map(({ spans }) => paint(spans));
  });
}

function paintCells(
  cells: readonly string[],
  alignments: readonly Alignment[],
  widths: readonly number[],
  hasLinks: boolean,
  ink: Ink,
): readonly string[] {
  const wrapped = widths.map((width, index) =>
    wrapSpans(parseCell(cells[index] ?? "", hasLinks, ink), width),
  );
  const height = Math.max(1, ...wrapped.map((rows) => rows.length));
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, index) => {
        const isLast = index === widths.length - 1;
        return pad(wrapped[index]?.[line], width, alignments[index] ?? "left", isLast);
      })
      .join(paintText(separator, dim))
      .trimEnd(),
  );
}

/** Nothing is put behind the last column: a row copied has no tail of spaces. */
function pad(row: WrappedRow | undefined, width: number, alignment: Alignment, isLast: boolean): string {
  const space = Math.max(0, width - (row?.width ?? 0));
  const left = alignment === "right" ? space : alignment === "center" ? Math.floor(space / 2) : 0;
  return `${" ".repeat(left)}${paint(row?.spans ?? [])}${isLast ? "" : " ".repeat(space - left)}`;
}

function measureCell(cell: string, hasLinks: boolean): number {
  const lines = toText(parseCell(cell, hasLinks, plain)).split("\n");
  return Math.max(...lines.map((line) => measure(line.trim())));
}

function toText(spans: readonly Span[]): string {
  return spans.map(({ text }) => text).join("");
}

function parseCell(cell: string, hasLinks: boolean, ink: Ink): readonly PlacedSpan[] {
  return parseInline(cell, { ink, hasLinks }).spans;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
