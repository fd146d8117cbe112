import { layOut } from "./prompt-layout.ts";

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
  #bottom: BottomLine | undefined;
  #drawn: { readonly cursorRow: number; readonly hasBreak: boolean } | undefined;

  constructor(size: () => ScreenSize) {
    this.#size = size;
  }

  /** `text` is sanitised; it may carry colours of ours. */
  write(text: string): string {
    if (text === "") return "";
    const erased = this.#erase();
    const wanted = this.#isPastFullLine ? text.replace(leadingLineEnd, "$1") : text;
    this.#isPastFullLine = false;
    this.#column = advance(this.#column, wanted, this.#size().columns);
    return erased + toTerminalLines(wanted) + this.#draw();
  }

  /** Ends the output's last line, if anything stands in it. */
  endLine(): string {
    return this.#column === 0 && !this.#isPastFullLine ? "" : this.write("\n");
  }

  setBottom(bottom: BottomLine | undefined): string {
    const erased = this.#erase();
    this.#bottom = bottom;
    return erased + this.#draw();
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
    const up = drawn.cursorRow === 0 ? "" : `\u001b[${drawn.cursorRow}A`;
    const cleared = `${up}\r\u001b[J`;
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
    if (bottom === undefined) return "";
    const { columns, rows } = this.#size();
    const shown = toShown(bottom.text);
    const cursor = toShown(bottom.text.slice(0, bottom.cursor)).length;
    const hint = bottom.hint === undefined || rows < 3 ? [] : [bottom.hint];
    const layout = layOut(bottom.label, shown, cursor, columns, Math.max(1, rows - 1 - hint.length));
    const hasBreak = this.#column > 0;
    this.#drawn = { cursorRow: layout.cursorRow, hasBreak };
    const lines = [...layout.lines, ...hint];
    const below = lines.length - 1 - layout.cursorRow;
    const up = below === 0 ? "" : `\u001b[${below}A`;
    const right = layout.cursorColumn === 0 ? "" : `\u001b[${layout.cursorColumn}C`;
    return `${hasBreak ? "\r\n" : ""}${lines.join("\r\n")}${up}\r${right}`;
  }
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
