import { sanitizeText } from "../sanitize.ts";
import { clipText } from "./width.ts";

const firstLines = 2;
const lastLines = 5;
const indent = "    ";
/** Of a longer line only the beginning is looked at. */
const longestLine = 2000;

/** The ends of a failed call's result, folded in the middle; `fold` says of so many lines what stands for them. */
export function formatExcerpt(
  content: string,
  columns: number,
  fold: (hidden: number) => string,
): readonly string[] {
  const text = content.trimEnd();
  if (text === "") return [];
  const hidden = countLines(text) - firstLines - lastLines;
  // A fold that hides one line is no shorter than the line.
  const lines =
    hidden <= 1
      ? text.split("\n")
      : [...takeFirst(text, firstLines), fold(hidden), ...takeLast(text, lastLines)];
  return lines.map((line) => indent + clipText(toShown(line), columns - indent.length - 1));
}

function toShown(line: string): string {
  return sanitizeText(line.slice(0, longestLine)).replaceAll("\t", "  ");
}

function countLines(text: string): number {
  let lines = 1;
  for (let place = text.indexOf("\n"); place !== -1; place = text.indexOf("\n", place + 1)) lines += 1;
  return lines;
}

function takeFirst(text: string, count: number): readonly string[] {
  let end = -1;
  for (let line = 0; line < count; line++) end = text.indexOf("\n", end + 1);
  return text.slice(0, end).split("\n");
}

function takeLast(text: string, count: number): readonly string[] {
  let start = text.length;
  for (let line = 0; line < count; line++) start = text.lastIndexOf("\n", start - 1);
  return text.slice(start + 1).split("\n");
}
