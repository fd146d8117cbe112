import { toEnd, type Entity, type Formatted } from "../rich-text/entities.ts";

/** A stretch of text in one style. */
export interface Run {
  readonly text: string;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isStrike: boolean;
  readonly isCode: boolean;
  readonly link: string | undefined;
}

/** What stands below each other: words, a block of code, a quote. */
export interface Section {
  readonly kind: "words" | "code" | "quote";
  readonly runs: readonly Run[];
}

/** Text with entities as sections of runs. Nothing of the text is lost but the line's ends around a block. */
export function toSections({ text, entities }: Formatted): readonly Section[] {
  const sections: Section[] = [];
  const add = (kind: Section["kind"], from: number, to: number): void => {
    const runs = toRuns(text, entities, from, to);
    if (runs.length > 0) sections.push({ kind, runs });
  };
  let from = 0;
  for (const block of entities.filter(({ type }) => type === "pre" || type === "blockquote")) {
    if (block.offset < from) continue;
    add("words", from, withoutBreak(text, from, block.offset));
    add(block.type === "pre" ? "code" : "quote", block.offset, toEnd(block));
    from = toEnd(block);
    // The line's end behind a block is the block's.
    if (text[from] === "\n") from += 1;
  }
  add("words", from, text.length);
  return sections;
}

function withoutBreak(text: string, from: number, to: number): number {
  return to > from && text[to - 1] === "\n" ? to - 1 : to;
}

function toRuns(text: string, entities: readonly Entity[], from: number, to: number): readonly Run[] {
  const inside = entities.filter((entity) => entity.offset < to && toEnd(entity) > from);
  const places = new Set([from, to]);
  for (const entity of inside) {
    for (const place of [entity.offset, toEnd(entity)]) if (place > from && place < to) places.add(place);
  }
  const cuts = [...places].toSorted((one, other) => one - other);
  return cuts.slice(0, -1).flatMap((start, index) => {
    const end = cuts[index + 1] ?? start;
    if (end <= start) return [];
    const on = inside.filter((entity) => entity.offset <= start && toEnd(entity) >= end);
    const has = (type: Entity["type"]): boolean => on.some((entity) => entity.type === type);
    const link = on.find(({ type }) => type === "text_link")?.url;
    return [
      {
        text: text.slice(start, end),
        isBold: has("bold"),
        isItalic: has("italic"),
        isStrike: has("strikethrough"),
        isCode: has("code"),
        link,
      },
    ];
  });
}
