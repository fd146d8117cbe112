import { splitCells, type Alignment } from "./cells.ts";

/** A line longer than this is text: it heads no table and is underlined by nothing. */
export const longestHeader = 400;

export interface ListMarker {
  /** Columns before the marker. */
  readonly offset: number;
  /** Columns to its text. */
  readonly indent: number;
  readonly kind: string;
  readonly number: number | undefined;
  readonly task: boolean | undefined;
  readonly rest: string;
}

export function isBlank(line: string): boolean {
  return /^[ \t]*$/.test(line);
}

export function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** Tabs at a line's beginning are worth four columns. */
export function expandIndent(line: string): string {
  return line.replace(/^[ \t]+/, (space) => {
    let width = 0;
    for (const character of space) width = character === "\t" ? (Math.floor(width / 4) + 1) * 4 : width + 1;
    return " ".repeat(width);
  });
}

export function isRule(line: string): boolean {
  return /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/.test(line);
}

export function parseListMarker(line: string): ListMarker | undefined {
  const match = /^( {0,3})([-+*]|(\d{1,9})([.)]))( +|\t|$)(.*)$/s.exec(line);
  if (match === null || isRule(line)) return undefined;
  const [, before = "", marker = "", digits, delimiter, gap = "", after = ""] = match;
  const task = /^\[([ xX])\][ \t]+/.exec(after);
  // A gap of five columns and more begins indented code; one column belongs to the marker.
  const isFar = gap.length > 4;
  return {
    offset: before.length,
    indent: before.length + marker.length + (isFar || gap.length === 0 ? 1 : gap.length),
    kind: delimiter ?? marker,
    number: digits === undefined ? undefined : Number(digits),
    task: task === null ? undefined : task[1] !== " ",
    rest: isFar ? gap.slice(1) + after : after.slice(task?.[0].length ?? 0),
  };
}

export function parseHeading(line: string): { readonly level: number; readonly text: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/s.exec(line);
  if (match === null) return undefined;
  const text = (match[2] ?? "").trim().replace(/(?:^|[ \t]+)#+$/, "");
  return { level: match[1]?.length ?? 1, text };
}

export interface FenceMark {
  readonly character: string;
  readonly length: number;
  readonly indent: number;
  readonly language: string;
}

export function parseFence(line: string): FenceMark | undefined {
  const match = /^( {0,3})(`{3,}|~{3,})[ \t]*(\S*)(.*)$/s.exec(line);
  if (match === null) return undefined;
  const [, before = "", mark = "", info = "", rest = ""] = match;
  if (mark.startsWith("`") && `${info}${rest}`.includes("`")) return undefined;
  const language = info.replace(/[{,:].*$/s, "").slice(0, 30);
  return { character: mark.charAt(0), length: mark.length, indent: before.length, language };
}

export function closesFence(line: string, fence: FenceMark): boolean {
  const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? "";
  return mark.startsWith(fence.character) && mark.length >= fence.length;
}

/** `|---|:-:|` below a header of as many cells. */
export function parseDelimiterRow(line: string, header: string): readonly Alignment[] | undefined {
  if (header.length > longestHeader || !header.includes("|")) return undefined;
  if (!/^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/.test(line)) return undefined;
  const cells = splitCells(line);
  return cells.length === splitCells(header).length ? cells.map(toAlignment) : undefined;
}

function toAlignment(cell: string): Alignment {
  if (!cell.endsWith(":")) return "left";
  return cell.startsWith(":") ? "center" : "right";
}

/** 1 for `===`, 2 for `---` below a single line. */
export function parseUnderline(line: string): 1 | 2 | undefined {
  const mark = /^ {0,3}(=+|-+)[ \t]*$/.exec(line)?.[1];
  return mark === undefined ? undefined : mark.startsWith("=") ? 1 : 2;
}

/** Whether more characters may still make a mark of it: not shown before that is clear. */
export function isUndecided(line: string): boolean {
  return (
    line.length < 12 &&
    /^[ \t]*(?:>[ \t]*)*(?:[-+*_=#~`|:> \t]*|\d{0,9}[.)]?[ \t]*|[-+*] \[[ xX]?\]?[ \t]*)$/.test(line)
  );
}
