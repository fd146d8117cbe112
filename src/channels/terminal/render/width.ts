const isPrintableAscii = /^[ -~]*$/;

/** Display columns of sanitised text without tabs and line breaks. */
export function measure(text: string): number {
  return isPrintableAscii.test(text) ? text.length : Bun.stringWidth(text);
}

/** As much of the beginning as fits, at least one whole character, and how wide it is. */
export function takeColumns(
  text: string,
  columns: number,
): { readonly taken: string; readonly width: number } {
  if (isPrintableAscii.test(text)) {
    const taken = text.slice(0, Math.max(1, columns));
    return { taken, width: taken.length };
  }
  let length = 0;
  let width = 0;
  for (const { segment } of findSegments(text)) {
    const wider = width + Bun.stringWidth(segment);
    if (length > 0 && wider > columns) break;
    length += segment.length;
    width = wider;
  }
  return { taken: text.slice(0, length), width };
}

/** At most `columns` wide, with an ellipsis where something is missing. */
export function clipText(text: string, columns: number): string {
  if (columns < 1) return "";
  // More than this much text cannot fit, whatever it is made of; the rest need not be measured.
  const candidate = text.slice(0, columns * 16);
  if (candidate.length === text.length && measure(text) <= columns) return text;
  if (columns === 1) return "…";
  const { taken, width } = takeColumns(candidate, columns - 1);
  return width <= columns - 1 ? `${taken}…` : "…";
}

/** Code has a tab stop every four columns. */
export function expandTabs(line: string): string {
  if (!line.includes("\t")) return line;
  let width = 0;
  return line.replace(/\t|[^\t]+/g, (piece) => {
    const text = piece === "\t" ? " ".repeat(4 - (width % 4)) : piece;
    width += text === piece ? Bun.stringWidth(piece) : text.length;
    return text;
  });
}

/** Made when it is first needed: it alone costs a start more than a millisecond. */
let segmenter: Intl.Segmenter | undefined;

function findSegments(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}
