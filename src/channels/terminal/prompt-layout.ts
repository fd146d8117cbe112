export interface PromptLayout {
  readonly lines: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

/** Text this far from the cursor is not laid out: nobody sees it, and each key lays out anew. */
const horizon = 4000;

const segmenter = new Intl.Segmenter();

/** Breaks `label + text` into rows of the terminal and finds the cursor. At most `maxRows` around it are shown. */
export function layOut(
  label: string,
  text: string,
  cursor: number,
  columns: number,
  maxRows: number,
): PromptLayout {
  const from = cursor > horizon ? text.lastIndexOf("\n", cursor - horizon) + 1 || cursor - horizon : 0;
  const visible = text.slice(from, cursor + horizon);
  const target = cursor - from;
  const lines: string[] = [];
  let line = label;
  let width = Bun.stringWidth(label);
  let place = { row: 0, column: width };

  function endLine(): void {
    lines.push(line);
    line = "";
    width = 0;
  }

  for (const { segment, index } of segmenter.segment(visible)) {
    if (index === target) place = { row: lines.length, column: width };
    if (segment === "\n" || segment === "\r\n") {
      endLine();
      continue;
    }
    const segmentWidth = Bun.stringWidth(segment);
    if (width + segmentWidth > columns) {
      endLine();
      if (index === target) place = { row: lines.length, column: 0 };
    }
    line += segment;
    width += segmentWidth;
  }
  if (target >= visible.length) {
    // A full row leaves the cursor no place behind it.
    if (width >= columns) endLine();
    place = { row: lines.length, column: width };
  }
  lines.push(line);
  return clipRows(lines, place, maxRows);
}

function clipRows(
  lines: readonly string[],
  place: { readonly row: number; readonly column: number },
  maxRows: number,
): PromptLayout {
  const first = Math.min(Math.max(0, place.row - maxRows + 1), Math.max(0, lines.length - maxRows));
  return {
    lines: lines.slice(first, first + maxRows),
    cursorRow: place.row - first,
    cursorColumn: place.column,
  };
}
