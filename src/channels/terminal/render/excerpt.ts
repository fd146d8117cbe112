import { sanitizeText } from "../sanitize.ts";
import { clipText } from "./width.ts";

const firstLines = 2;
const lastLines = 5;
const indent = "    ";
/** Of a longer result only its ends are looked at. */
const lookedAt = 20_000;

/** The ends of a failed call's result, folded in the middle; `fold` says of so many lines what stands for them. */
export function formatExcerpt(
  content: string,
  columns: number,
  fold: (hidden: number) => string,
): readonly string[] {
  const text = content.trimEnd();
  const total = countLines(text);
  const isLong = text.length > lookedAt * 2;
  const head = toLines(isLong ? text.slice(0, lookedAt) : text);
  const tail = isLong ? toLines(text.slice(-lookedAt)) : head;
  const isWhole = !isLong && total <= firstLines + lastLines + 1;
  const hidden = total - firstLines - lastLines;
  const lines = isWhole
    ? head
    : [...head.slice(0, firstLines), fold(Math.max(1, hidden)), ...tail.slice(-lastLines)];
  return lines.map((line) => indent + clipText(line, columns - indent.length - 1));
}

function countLines(text: string): number {
  let lines = 1;
  for (let place = text.indexOf("\n"); place !== -1; place = text.indexOf("\n", place + 1)) lines += 1;
  return lines;
}

function toLines(text: string): readonly string[] {
  return text === "" ? [] : sanitizeText(text).replaceAll("\t", "  ").split("\n");
}
