const segmenter = new Intl.Segmenter();

/** Longer than any character that a person types; one that is longer still is looked at in a wider window. */
const firstWindow = 64;
const widestWindow = 4096;

/** What a person sees as one character, before a place in a text. Looks at no more of the text than it needs. */
export function characterBefore(text: string, place: number): string {
  for (let window = firstWindow; ; window *= 4) {
    const start = skipFlags(text, toUnitStart(text, Math.max(0, place - window)));
    const last = lastCharacter(text.slice(start, place));
    // The only one in the window may begin before it.
    if (last.length < place - start || start === 0 || window >= widestWindow) return last;
  }
}

/** The same behind a place. */
export function characterAfter(text: string, place: number): string {
  for (let window = firstWindow; ; window *= 4) {
    const piece = text.slice(place, place + window);
    const first = segmenter.segment(piece).containing(0)?.segment ?? "";
    if (first.length < piece.length || place + window >= text.length || window >= widestWindow) return first;
  }
}

/** The place itself, or the end of the character that it has come to stand in. */
export function toBoundary(text: string, place: number): number {
  const start = toUnitStart(text, place);
  const before = characterBefore(text, start);
  const joined = before + characterAfter(text, start);
  const first = segmenter.segment(joined).containing(0)?.segment ?? "";
  return before === "" ? start : start + Math.max(0, first.length - before.length);
}

/** How wide a text stands on the screen; a tab as it is drawn here. */
export function displayWidth(text: string): number {
  return Bun.stringWidth(text.replaceAll("\t", "    "));
}

/** The place in `line` nearest to a column, before it, between two characters. */
export function placeAtColumn(line: string, column: number): number {
  let width = 0;
  for (const { segment, index } of segmenter.segment(line)) {
    width += displayWidth(segment);
    if (width > column) return index;
  }
  return line.length;
}

function lastCharacter(text: string): string {
  const segments = segmenter.segment(text);
  return text === "" ? "" : (segments.containing(text.length - 1)?.segment ?? "");
}

/** Not between the two halves of a code point. */
function toUnitStart(text: string, place: number): number {
  const unit = text.charCodeAt(place);
  return unit >= 0xdc00 && unit <= 0xdfff && place > 0 ? place - 1 : place;
}

/** Flags are pairs of letters: which belong together can only be told from the first of a row. */
function skipFlags(text: string, place: number): number {
  let start = place;
  while (start > 1 && isFlagLetter(text, start - 2)) start -= 2;
  return start;
}

function isFlagLetter(text: string, place: number): boolean {
  const code = text.codePointAt(place) ?? 0;
  return code >= 0x1f1e6 && code <= 0x1f1ff;
}
