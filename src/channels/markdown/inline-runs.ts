import type { Mark } from "./emphasis.ts";
import type { InlineNode } from "./inline.ts";

/** A piece of text and the marks that it stands in. */
export interface InlineRun {
  /** May be empty, where a mark left nothing of itself. */
  readonly text: string;
  readonly at: number;
  readonly isBold: boolean;
  readonly isItalic: boolean;
  readonly isStrike: boolean;
  readonly isCode: boolean;
  readonly link: string | undefined;
  /** A link ends behind it: all of its words. */
  readonly linked: { readonly words: string; readonly address: string } | undefined;
}

/** What each piece is part of, marks and links resolved. */
export function toRuns(nodes: readonly InlineNode[]): readonly InlineRun[] {
  const depth: Record<Mark, number> = { bold: 0, italic: 0, strike: 0 };
  let words = "";
  return nodes.map(({ text, at, delimiter, link, isCode = false }, index) => {
    for (const mark of delimiter?.closes ?? []) depth[mark] -= 1;
    const { bold, italic, strike } = depth;
    for (const mark of delimiter?.opens ?? []) depth[mark] += 1;
    const isEnd = link !== undefined && nodes[index + 1]?.link !== link;
    if (link !== undefined) words += text;
    const linked = isEnd ? { words, address: link } : undefined;
    if (isEnd) words = "";
    return { text, at, isBold: bold > 0, isItalic: italic > 0, isStrike: strike > 0, isCode, link, linked };
  });
}
