export type Mark = "bold" | "italic" | "strike";

/** A run of `*`, `_` or `~~`, and what it turned out to open and close. */
export interface Delimiter {
  readonly at: number;
  readonly character: string;
  readonly length: number;
  readonly canOpen: boolean;
  readonly canClose: boolean;
  /** Marks that are still only characters. */
  left: number;
  /** Something behind it was closed over it: it can open nothing any more. */
  isDead: boolean;
  readonly opens: Mark[];
  readonly closes: Mark[];
}

/** By the rules of CommonMark: what stands on both sides of a run decides what it may do. */
export function createDelimiter(at: number, run: string, before: string, after: string): Delimiter {
  const isSpaceBefore = before === "" || /\s/u.test(before);
  const isSpaceAfter = after === "" || /\s/u.test(after);
  const isPunctuationBefore = /[\p{P}\p{S}]/u.test(before);
  const isPunctuationAfter = /[\p{P}\p{S}]/u.test(after);
  const isLeft = !isSpaceAfter && (!isPunctuationAfter || isSpaceBefore || isPunctuationBefore);
  const isRight = !isSpaceBefore && (!isPunctuationBefore || isSpaceAfter || isPunctuationAfter);
  const isWordMark = run.startsWith("_");
  return {
    at,
    character: run.charAt(0),
    length: run.length,
    canOpen: isLeft && (!isWordMark || !isRight || isPunctuationBefore),
    canClose: isRight && (!isWordMark || !isLeft || isPunctuationAfter),
    left: run.length,
    isDead: false,
    opens: [],
    closes: [],
  };
}

/** From where to where two runs, or other marks, belong together. */
export interface Reach {
  readonly start: number;
  readonly end: number;
}

/** Pairs runs from left to right. A pair, once found, stays as long as both runs do. */
export function matchEmphasis(delimiters: readonly Delimiter[]): readonly Reach[] {
  const pairs: Reach[] = [];
  const live: Delimiter[] = [];
  /** How many of `live` were searched in vain for a closer of a kind. */
  const bottoms = new Map<string, number>();
  for (const closer of delimiters) {
    while (closer.canClose && closer.left > 0) {
      const kind = `${closer.character}${closer.canOpen}${closer.length % 3}`;
      const index = findOpener(live, closer, bottoms.get(kind) ?? 0);
      const opener = live[index];
      if (opener === undefined) {
        bottoms.set(kind, live.length);
        break;
      }
      for (const between of live.splice(index + 1)) between.isDead = true;
      for (const [key, bottom] of bottoms) bottoms.set(key, Math.min(bottom, live.length));
      pair(opener, closer);
      pairs.push({ start: opener.at, end: closer.at + closer.length });
      if (opener.left === 0) live.pop();
    }
    if (closer.canOpen && closer.left > 0) live.push(closer);
  }
  return pairs;
}

function findOpener(live: readonly Delimiter[], closer: Delimiter, bottom: number): number {
  for (let index = live.length - 1; index >= bottom; index--) {
    const opener = live[index];
    if (opener !== undefined && canPair(opener, closer)) return index;
  }
  return -1;
}

function canPair(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.character !== closer.character) return false;
  if (opener.character === "~") return opener.length === closer.length;
  const isEither = opener.canClose || closer.canOpen;
  return !isEither || closer.length % 3 === 0 || (opener.length + closer.length) % 3 !== 0;
}

function pair(opener: Delimiter, closer: Delimiter): void {
  const isDouble = opener.left >= 2 && closer.left >= 2;
  const mark = opener.character === "~" ? "strike" : isDouble ? "bold" : "italic";
  const used = isDouble ? 2 : 1;
  opener.left -= used;
  closer.left -= used;
  // The innermost mark of an opener was found first.
  opener.opens.unshift(mark);
  closer.closes.push(mark);
}
