/** What a result may hold, in UTF-16 code units. */
export const clipLimit = 10_000;

/** How much of its part a cut may give up to fall between two lines. */
const lineShare = 0.3;

export interface Clipped {
  readonly head: string;
  readonly tail: string;
  readonly omittedCharacters: number;
  readonly omittedLines: number;
}

/** The beginning and the end of a text that is too long, cut between lines or else between graphemes; nothing for one that fits. */
export function clip(text: string, limit: number = clipLimit): Clipped | undefined {
  if (text.length <= limit) return undefined;
  const half = Math.floor(limit / 2);
  const headEnd = findHeadEnd(text, half);
  const tailStart = findTailStart(text, text.length - half);
  const omitted = text.slice(headEnd, tailStart);
  return {
    head: text.slice(0, headEnd),
    tail: text.slice(tailStart),
    omittedCharacters: omitted.length,
    omittedLines: countLines(omitted),
  };
}

function findHeadEnd(text: string, wanted: number): number {
  const afterLine = text.lastIndexOf("\n", wanted - 1) + 1;
  return afterLine >= wanted * (1 - lineShare) ? afterLine : findBoundary(text, wanted);
}

function findTailStart(text: string, wanted: number): number {
  const afterLine = text.indexOf("\n", wanted - 1) + 1;
  const latest = wanted + (text.length - wanted) * lineShare;
  return afterLine > 0 && afterLine <= latest ? afterLine : findBoundary(text, wanted);
}

/** The last grapheme boundary at or before `wanted`. A cluster longer than the window, which no language has, is cut. */
function findBoundary(text: string, wanted: number): number {
  const window = 64;
  let from = Math.max(0, wanted - window);
  // Flags are pairs of letters: they can only be told apart from the first of a run.
  while (from > 0 && isPartOfFlag(text.charCodeAt(from - 1))) from -= 1;
  const segments = new Intl.Segmenter("und", { granularity: "grapheme" }).segment(
    text.slice(from, wanted + window),
  );
  const start = segments.containing(wanted - from)?.index ?? 0;
  return start === 0 && from > 0 ? wanted : from + start;
}

function isPartOfFlag(unit: number): boolean {
  return unit === 0xd83c || (unit >= 0xdde6 && unit <= 0xddff);
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
