import type { Candidate } from "./completion.ts";
import { sanitizeLine } from "./sanitize.ts";

export interface HintStyle {
  dim(text: string): string;
  bold(text: string): string;
}

/** One row below the prompt, cut to the screen. */
export function formatHint(text: string, columns: number, style: HintStyle): string {
  return style.dim(cut(`  ${sanitizeLine(text)}`, columns - 1));
}

/** As many candidates as fit around the chosen one, which stands out; with what is known of it. */
export function formatChoice(
  { candidates, chosen }: { readonly candidates: readonly Candidate[]; readonly chosen: number },
  columns: number,
  style: HintStyle,
): string {
  const names = candidates.map(({ text, shown }) => cut(sanitizeLine(shown ?? text), 40));
  const says = candidates[chosen]?.says;
  const note = says === undefined ? "" : cut(`  ${sanitizeLine(says)}`, Math.max(0, Math.floor(columns / 2)));
  const room = columns - 6 - Bun.stringWidth(note);
  let first = Math.max(0, chosen);
  let last = first;
  let used = widthOf(names[first]);
  for (let grows = true; grows;) {
    grows = false;
    if (last + 1 < names.length && used + 2 + widthOf(names[last + 1]) <= room) {
      last += 1;
      used += 2 + widthOf(names[last]);
      grows = true;
    }
    if (first > 0 && used + 2 + widthOf(names[first - 1]) <= room) {
      first -= 1;
      used += 2 + widthOf(names[first]);
      grows = true;
    }
  }
  const shown = names
    .slice(first, last + 1)
    .map((name, index) => (first + index === chosen ? style.bold(name) : style.dim(name)));
  const before = first === 0 ? "  " : style.dim("‹ ");
  const after = last === names.length - 1 ? "" : style.dim(" ›");
  return `${before}${shown.join("  ")}${after}${style.dim(note)}`;
}

function widthOf(name: string | undefined): number {
  return Bun.stringWidth(name ?? "");
}

function cut(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += Bun.stringWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
