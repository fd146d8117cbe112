import { isMisleading } from "./address.ts";
import type { Delimiter, Mark } from "./emphasis.ts";
import type { Ink } from "./ink.ts";
import type { PlacedSpan } from "./wrap.ts";

export interface InlineOptions {
  /** The look of all of it; marks add to it. */
  readonly ink: Ink;
  /** The terminal can make words clickable; elsewhere the address stands behind them. */
  readonly hasLinks: boolean;
}

/** A piece of inline Markdown in the order it was written, and what is known of it. */
export interface Node {
  text: string;
  readonly at: number;
  readonly isCode?: boolean;
  readonly delimiter?: Delimiter;
  link?: string;
}

/** What the pieces look like, marks and links resolved. */
export function toSpans(nodes: readonly Node[], options: InlineOptions): readonly PlacedSpan[] {
  const spans: PlacedSpan[] = [];
  const depth: Record<Mark, number> = { bold: 0, italic: 0, strike: 0 };
  const inks = new Map<string, Ink>();

  function inkOf(node: Node): Ink {
    const key = `${depth.bold > 0}${depth.italic > 0}${depth.strike > 0}${node.isCode}${node.link}`;
    const known = inks.get(key);
    if (known !== undefined) return known;
    const ink: Ink = {
      ...options.ink,
      ...(depth.bold > 0 ? { bold: true } : {}),
      ...(depth.italic > 0 ? { italic: true } : {}),
      ...(depth.strike > 0 ? { strike: true } : {}),
      ...(node.isCode === true ? { color: "cyan" } : {}),
      ...(node.link === undefined ? {} : { underline: true }),
      ...(node.link !== undefined && options.hasLinks ? { address: node.link } : {}),
    };
    inks.set(key, ink);
    return ink;
  }

  let words = "";
  for (const [index, node] of nodes.entries()) {
    for (const mark of node.delimiter?.closes ?? []) depth[mark] -= 1;
    if (node.text !== "") {
      const isVerbatim = node.isCode === true;
      spans.push({ text: node.text, ink: inkOf(node), at: node.at, ...(isVerbatim ? { isVerbatim } : {}) });
    }
    for (const mark of node.delimiter?.opens ?? []) depth[mark] += 1;
    if (node.link === undefined) continue;
    words += node.text;
    if (nodes[index + 1]?.link === node.link) continue;
    const behind = toAddressBehind(words, node.link, options.hasLinks);
    if (behind !== "") spans.push({ text: behind, ink: { dim: true }, at: node.at + node.text.length });
    words = "";
  }
  return spans;
}

/** The address in words, where it cannot be clicked or where the link's words name another one. */
function toAddressBehind(words: string, address: string, hasLinks: boolean): string {
  const shown = address.replace(/^mailto:/, "");
  if (hasLinks ? !isMisleading(words, address) : words === shown || `${words}/` === shown) return "";
  return ` (${shown})`;
}
