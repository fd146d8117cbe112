import { isMisleading } from "../../markdown/address.ts";
import { toRuns, type InlineRun } from "../../markdown/inline-runs.ts";
import type { InlineNode } from "../../markdown/inline.ts";
import type { Ink } from "./ink.ts";
import type { PlacedSpan } from "./wrap.ts";

export interface InlineOptions {
  /** The look of all of it; marks add to it. */
  readonly ink: Ink;
  /** The terminal can make words clickable; elsewhere the address stands behind them. */
  readonly hasLinks: boolean;
}

/** What the pieces look like, marks and links resolved. */
export function toSpans(nodes: readonly InlineNode[], options: InlineOptions): readonly PlacedSpan[] {
  const spans: PlacedSpan[] = [];
  const inks = new Map<string, Ink>();

  function inkOf({ isBold, isItalic, isStrike, isCode, link }: InlineRun): Ink {
    const key = `${isBold}${isItalic}${isStrike}${isCode}${link}`;
    const known = inks.get(key);
    if (known !== undefined) return known;
    const ink: Ink = {
      ...options.ink,
      ...(isBold ? { bold: true } : {}),
      ...(isItalic ? { italic: true } : {}),
      ...(isStrike ? { strike: true } : {}),
      ...(isCode ? { color: "cyan" } : {}),
      ...(link === undefined ? {} : { underline: true }),
      ...(link !== undefined && options.hasLinks ? { address: link } : {}),
    };
    inks.set(key, ink);
    return ink;
  }

  for (const run of toRuns(nodes)) {
    const { text, at, isCode: isVerbatim, linked } = run;
    if (text !== "") spans.push({ text, ink: inkOf(run), at, ...(isVerbatim ? { isVerbatim } : {}) });
    if (linked === undefined) continue;
    const behind = toAddressBehind(linked.words, linked.address, options.hasLinks);
    if (behind !== "") spans.push({ text: behind, ink: { dim: true }, at: at + text.length });
  }
  return spans;
}

/** The address in words, where it cannot be clicked or where the link's words name another one. */
function toAddressBehind(words: string, address: string, hasLinks: boolean): string {
  const shown = address.replace(/^mailto:/, "");
  if (hasLinks ? !isMisleading(words, address) : words === shown || `${words}/` === shown) return "";
  return ` (${shown})`;
}
