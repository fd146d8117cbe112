import type { Phrases } from "../../words/english/phrases.ts";
import { toBoundary } from "./characters.ts";

/** Text this far from the cursor is not looked at: nobody sees it, and each key draws anew. */
const horizon = 4000;

/** The part of a long text around the cursor, cut at a line's end where one is near, else between characters. */
export function toWindow(
  text: string,
  cursor: number,
): { readonly before: string; readonly after: string; readonly isCut: boolean } {
  if (text.length <= 2 * horizon) {
    return { before: text.slice(0, cursor), after: text.slice(cursor), isCut: false };
  }
  let start = Math.max(0, cursor - horizon);
  if (start > 0) {
    const line = text.lastIndexOf("\n", start);
    const isNear = line !== -1 && start - line < horizon;
    start = isNear ? line + 1 : toBoundary(text, start);
  }
  return {
    before: text.slice(start, cursor),
    after: text.slice(cursor, cursor + horizon),
    isCut: start > 0,
  };
}

const shownLength = 4000;
const shownLines = 60;

/** What was entered, as it stays on the screen: a pasted book is cut, and says so. */
export function toShownEntry(text: string, { more }: Pick<Phrases["editor"], "more">): string {
  let end = Math.min(text.length, shownLength);
  for (let line = 0, at = -1; line < shownLines; line++) {
    at = text.indexOf("\n", at + 1);
    if (at === -1 || at > end) break;
    if (line === shownLines - 1) end = at;
  }
  if (end === text.length) return text;
  const kept = text.slice(0, toBoundary(text, end));
  return `${kept.trimEnd()}\n${more({ count: text.length - kept.length })}`;
}
