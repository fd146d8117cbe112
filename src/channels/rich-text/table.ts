import type { Alignment } from "../markdown/cells.ts";
import { toRuns } from "../markdown/inline-runs.ts";
import { parseInline } from "../markdown/inline.ts";

interface Table {
  readonly header: readonly string[];
  readonly alignments: readonly Alignment[];
  readonly rows: readonly (readonly string[])[];
}

/** Columns of a telephone's screen that is held sideways: a wider table is told row by row. */
const widest = 60;

/**
 * Columns under each other, for a typeface in which all characters are as wide. Undefined: it is too wide for that, or holds
 * links, which code would lose.
 */
export function layOutTable({ header, alignments, rows }: Table): string | undefined {
  if ([header, ...rows].some((row) => row.some(hasLink))) return undefined;
  const lines = [header, ...rows].map((row) => header.map((_, column) => toPlain(row[column] ?? "")));
  const widths = header.map((_, column) => Math.max(1, ...lines.map((line) => measure(line[column] ?? ""))));
  const width = widths.reduce((sum, each) => sum + each, 2 * (widths.length - 1));
  if (width > widest) return undefined;
  const rule = widths.map((each) => "─".repeat(each));
  const [top = [], ...rest] = lines;
  return [top, rule, ...rest]
    .map((line) => line.map((cell, column) => pad(cell, widths[column] ?? 1, alignments[column] ?? "left")))
    .map((cells) => cells.join("  ").trimEnd())
    .join("\n");
}

/** A cell without its marks: code has none. */
function toPlain(cell: string): string {
  return toRuns(parseInline(cell).nodes)
    .map(({ text }) => text)
    .join("")
    .replaceAll("\n", " ")
    .trim();
}

function hasLink(cell: string): boolean {
  return parseInline(cell).nodes.some(({ link }) => link !== undefined);
}

function measure(text: string): number {
  return Bun.stringWidth(text);
}

function pad(cell: string, width: number, alignment: Alignment): string {
  const space = width - measure(cell);
  const left = alignment === "right" ? space : alignment === "center" ? Math.floor(space / 2) : 0;
  return " ".repeat(left) + cell + " ".repeat(space - left);
}
