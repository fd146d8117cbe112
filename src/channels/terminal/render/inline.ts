import { parseInline as parseNodes } from "../../markdown/inline.ts";
import { toSpans, type InlineOptions } from "./inline-spans.ts";
import type { PlacedSpan } from "./wrap.ts";

export interface InlineText {
  readonly spans: readonly PlacedSpan[];
  /** What stands before this place of the source looks the same whatever follows the text. */
  readonly settled: number;
}

/** The inline part of Markdown as a terminal shows it. */
export function parseInline(text: string, options: InlineOptions): InlineText {
  const { nodes, settled } = parseNodes(text);
  return { spans: toSpans(nodes, options), settled };
}
