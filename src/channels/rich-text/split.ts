import { isCode, nestEntities, toEnd, type Entity, type Formatted } from "./entities.ts";

export interface SplitLimits {
  readonly units: number;
  readonly entities: number;
}

/**
 * Pieces that are messages of their own. They are cut between paragraphs, lines or words, outside of code and links where
 * that can be; what has to be cut goes on as the same in the next piece. Only the space at a cut is dropped.
 */
export function splitFormatted(whole: Formatted, limits: SplitLimits): readonly Formatted[] {
  const pieces: Formatted[] = [];
  let rest = whole;
  while (rest.text.length > limits.units || rest.entities.length > limits.entities) {
    const cut = findCut(rest, limits);
    pieces.push(trim(slice(rest, 0, cut)));
    rest = trimStart(slice(rest, cut, rest.text.length));
  }
  return [...pieces, rest].filter(({ text }) => text.trim() !== "");
}

/** Where a text is best cut, and how full a piece must be at least that is cut there. */
const marks = [
  ["\n\n", 1 / 2],
  ["\n", 1 / 2],
  [" ", 1 / 4],
] as const;

/** Where the piece ends: never 0. */
function findCut({ text, entities }: Formatted, { units, entities: most }: SplitLimits): number {
  // The entity that is one too many begins the next piece.
  const tooMany = entities[most]?.offset ?? Infinity;
  const limit = Math.max(1, Math.min(units, tooMany, text.length));
  const window = text.slice(0, limit + 1);
  const isWhole = (at: number): boolean => !entities.some((entity) => isInside(entity, at) && isKept(entity));
  const isFree = (at: number): boolean => !entities.some((entity) => isInside(entity, at) && isApart(entity));
  for (const isGood of [isWhole, isFree]) {
    for (const [mark, least] of marks) {
      for (
        let at = window.lastIndexOf(mark);
        at >= limit * least && at > 0;
        at = window.lastIndexOf(mark, at - 1)
      ) {
        if (isGood(at)) return at;
      }
    }
  }
  return cutCharacter(text, limit);
}

function isInside(entity: Entity, at: number): boolean {
  return entity.offset < at && at < toEnd(entity);
}

/** It should stay in one piece. */
function isKept(entity: Entity): boolean {
  return isCode(entity) || entity.type === "text_link";
}

/** It is cut only when nothing else helps; a block of code has lines to cut between. */
function isApart({ type }: Entity): boolean {
  return type === "code" || type === "text_link";
}

/** Made when a text is long and has no space: rare. */
let segmenter: Intl.Segmenter | undefined;

/** Before what a person sees as one character. One that is longer than a piece is cut between its code points. */
function cutCharacter(text: string, limit: number): number {
  segmenter ??= new Intl.Segmenter();
  const from = Math.max(0, limit - 64);
  const start = isLow(text, from) ? from + 1 : from;
  let cut = 0;
  for (const { index, segment } of segmenter.segment(text.slice(start, limit + 64))) {
    if (start + index + segment.length <= limit) cut = start + index + segment.length;
  }
  if (cut > 0) return cut;
  const whole = isLow(text, limit) ? limit - 1 : limit;
  return whole > 0 ? whole : limit + 1;
}

function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function slice({ text, entities }: Formatted, from: number, to: number): Formatted {
  const inside = entities.map((entity) => {
    const start = Math.max(entity.offset, from);
    return { ...entity, offset: start - from, length: Math.min(toEnd(entity), to) - start };
  });
  const part = text.slice(from, to);
  return { text: part, entities: nestEntities(part, inside) };
}

function trim(piece: Formatted): Formatted {
  const start = trimStart(piece);
  const codeEnd = Math.max(0, ...start.entities.filter(({ type }) => type === "pre").map(toEnd));
  return slice(start, 0, Math.max(start.text.trimEnd().length, codeEnd));
}

/** The first line of code keeps its indentation, not the line's end before it. */
function trimStart(piece: Formatted): Formatted {
  const { text, entities } = piece;
  const code = entities.find(({ type }) => type === "pre");
  const lines = /^\n+/.exec(text)?.[0].length ?? 0;
  const blank = text.length - text.trimStart().length;
  return slice(
    piece,
    code === undefined ? blank : Math.max(lines, Math.min(blank, code.offset)),
    text.length,
  );
}
