import { layOut, type PromptLayout } from "./prompt-layout.ts";

/** What stands below the output: a status line, or the prompt with what is being written. */
export interface BottomLine {
  readonly label: string;
  readonly text: string;
  readonly cursor: number;
  /** One row below it; sanitised and no wider than the screen. */
  readonly hint?: string;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Output that streams above a bottom line that stays. Every method returns the bytes for the terminal, which must
 * see them all, in order. Only relative movements are used, so the scrollback stays whole.
 */
export class PromptScreen {
  readonly #size: () => ScreenSize;
  /** Where the output's last line ended; equal to the width when the next character will wrap. */
  #column = 0;
  /** The last line was full and the bottom line pushed the cursor behind it: the line's own end is already there. */
  #isPastFullLine = false;
  #open: readonly string[] = [];
  #bottom: BottomLine | undefined;
  #drawn: Drawn | undefined;

  constructor(size: () => ScreenSize) {
    this.#size = size;
  }

  /**
   * `text` is sanitised; it may carry colours of ours. `open` are rows that stand below it until the next call brings
   * others: what they say is not final. They belong behind a whole line.
   */
  write(text: string, open: readonly string[] = []): string {
    if (text === "" && open.length === 0 && this.#open.length === 0) return "";
    const erased = this.#erase();
    const wanted = this.#isPastFullLine ? text.replace(leadingLineEnd, "$1") : text;
    this.#isPastFullLine = false;
    this.#column = advance(this.#column, wanted, this.#size().columns);
    this.#open = open;
    return toFrame(erased, toTerminalLines(wanted) + this.#draw());
  }

  /** Ends the output's last line, if anything stands in it. */
  endLine(): string {
    return this.#column === 0 && !this.#isPastFullLine ? "" : this.write("\n");
  }

  setBottom(bottom: BottomLine | undefined): string {
    const erased = this.#erase();
    this.#bottom = bottom;
    return toFrame(erased, this.#draw());
  }

  /** Leaves what is written in the bottom line where it stands, as output. */
  commitBottom(): string {
    const bottom = this.#bottom;
    const committed = this.setBottom(undefined);
    if (bottom === undefined) return committed;
    return committed + this.endLine() + this.write(`${bottom.label}${toShown(bottom.text)}\n`);
  }

  clear(): string {
    this.#drawn = undefined;
    this.#column = 0;
    return `\u001b[H\u001b[2J${this.#draw()}`;
  }

  #erase(): string {
    const drawn = this.#drawn;
    if (drawn === undefined) return "";
    this.#drawn = undefined;
    const { above, all } = countRows(drawn, this.#size().columns);
    const up = above === 0 ? "" : `\u001b[${above}A`;
    // Row by row from the second: some terminals keep a screen that is cleared from its first place on as history.
    const cleared = `${up}\r\u001b[K${all > 1 ? "\u001b[B\u001b[J\u001b[A" : ""}`;
    if (!drawn.hasBreak) return cleared;
    if (this.#column >= this.#size().columns) {
      this.#column = 0;
      this.#isPastFullLine = true;
      return cleared;
    }
    return `${cleared}\u001b[A\u001b[${this.#column}C`;
  }

  #draw(): string {
    const bottom = this.#bottom;
    if (bottom === undefined && this.#open.length === 0) return "";
    const { columns, rows } = this.#size();
    const hint = bottom?.hint === undefined || rows < 3 ? [] : [bottom.hint];
    const layout = this.#layOut(bottom, columns, Math.max(1, rows - 1 - hint.length));
    // The end of what is open is what a person reads.
    const open = this.#open.slice(-Math.max(1, rows - 1 - layout.lines.length - hint.length));
    const hasBreak = this.#column > 0;
    const drawnRows = [...open, ...layout.lines, ...hint];
    const cursorRow = open.length + layout.cursorRow;
    this.#drawn = {
      widths: drawnRows.map((row) => Math.min(Bun.stringWidth(row), columns)),
      cursorRow,
      cursorColumn: layout.cursorColumn,
      hasBreak,
    };
    const below = drawnRows.length - 1 - cursorRow;
    const up = below === 0 ? "" : `\u001b[${below}A`;
    const right = layout.cursorColumn === 0 ? "" : `\u001b[${layout.cursorColumn}C`;
    return `${hasBreak ? "\r\n" : ""}${toUnwrapped(drawnRows)}${up}\r${right}`;
  }

  #layOut(bottom: BottomLine | undefined, columns: number, rows: number): PromptLayout {
    if (bottom === undefined) return { lines: [""], cursorRow: 0, cursorColumn: 0 };
    const shown = toShown(bottom.text);
    const cursor = toShown(bottom.text.slice(0, bottom.cursor)).length;
    return layOut(bottom.label, shown, cursor, columns, rows);
  }
}

/** What stands below the output, as it was drawn. */
interface Drawn {
  readonly widths: readonly number[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
  readonly hasBreak: boolean;
}

/** A terminal that became narrower has broken the rows that were wider. */
function countRows(
  { widths, cursorRow, cursorColumn }: Drawn,
  columns: number,
): { readonly above: number; readonly all: number } {
  const heights = widths.map((width) => Math.max(1, Math.ceil(width / columns)));
  const above = sum(heights.slice(0, cursorRow)) + Math.floor(cursorColumn / columns);
  return { above, all: Math.max(above + 1, sum(heights)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Shown at once where the terminal knows synchronized updates; the others pass over the two sequences. */
function toFrame(erased: string, drawn: string): string {
  return erased === "" || drawn === "" ? erased + drawn : `\u001b[?2026h${erased}${drawn}\u001b[?2026l`;
}

/** Without automatic breaks: where a terminal thinks a character wider than we do, the rows stay as many as they are. */
function toUnwrapped(rows: readonly string[]): string {
  return `\u001b[?7l${rows.join("\r\n")}\u001b[?7h`;
}

/** Behind colours, if there are any. */
// oxlint-disable-next-line no-control-regex -- colours begin with one
const leadingLineEnd = /^((?:\u001b\[[0-9;]*m)*)\n/;

/** A tab has no width of its own in a line that is drawn again and again. */
function toShown(text: string): string {
  return text.replaceAll("\t", "    ");
}

function toTerminalLines(text: string): string {
  return text.replaceAll("\n", "\r\n");
}

const segmenter = new Intl.Segmenter();

/** The column after writing `text` from `column` on a terminal that wraps when the next character does not fit. */
function advance(column: number, text: string, columns: number): number {
  const lastBreak = text.lastIndexOf("\n");
  let place = lastBreak === -1 ? column : 0;
  for (const { segment } of segmenter.segment(Bun.stripANSI(text.slice(lastBreak + 1)))) {
    if (segment === "\t") {
      place = Math.min(columns - 1, (Math.floor(place / 8) + 1) * 8);
      continue;
    }
    const width = Bun.stringWidth(segment);
    place = place + width > columns ? width : place + width;
  }
  return place;
}
