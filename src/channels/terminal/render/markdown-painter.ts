import type { AnswerPainter, Frame } from "./answer-painter.ts";
import { BlockPainter } from "./block-painter.ts";
import { breakRow } from "./break-row.ts";
import { isUndecided } from "../../markdown/line-start.ts";

/** A line longer than this is taken in parts. */
const longestLine = 4096;

/**
 * Markdown as it streams. Where the text is cut into pieces and when frames are asked for changes nothing of what
 * stands there in the end: whole lines are final in `#blocks`, and what an unfinished one looks like is asked of a copy.
 */
export class MarkdownPainter implements AnswerPainter {
  readonly #hasLinks: boolean;
  #blocks: BlockPainter;
  #columns: number | undefined;
  #tail = "";
  /** The tail is the rest of a line whose beginning was taken already. */
  #isContinued = false;
  /** Rows of the open block that stand above already. */
  #ahead = 0;

  constructor(options: { readonly hasLinks: boolean }) {
    this.#hasLinks = options.hasLinks;
    this.#blocks = new BlockPainter({ columns: 80, hasLinks: this.#hasLinks });
  }

  push(text: string): void {
    this.#tail += text;
  }

  frame(columns: number): Frame {
    this.#setColumns(columns);
    this.#takeLines();
    const ready = this.#blocks.takeRows();
    const preview = this.#blocks.fork();
    if (this.#isContinued || !isUndecided(this.#tail)) preview.addLine(this.#tail, this.#isContinued);
    const settled = preview.countSettledRows();
    preview.end();
    return this.#split([...ready, ...preview.takeRows()], ready.length, ready.length + settled, columns);
  }

  end(columns: number): Frame {
    this.#setColumns(columns);
    this.#takeLines();
    if (this.#tail !== "") this.#blocks.addLine(this.#tail, this.#isContinued);
    this.#blocks.end();
    const rows = this.#blocks.takeRows();
    const { done } = this.#split(rows, rows.length, rows.length, columns);
    this.#tail = "";
    this.#isContinued = false;
    this.#ahead = 0;
    this.#blocks = new BlockPainter({ columns, hasLinks: this.#hasLinks });
    return { done, open: [] };
  }

  /** A paragraph of which rows stand above keeps the width that it began with. */
  #setColumns(columns: number): void {
    if (columns === this.#columns || this.#ahead > 0) return;
    this.#columns = columns;
    this.#blocks = this.#blocks.fork({ columns, hasLinks: this.#hasLinks });
  }

  #takeLines(): void {
    const text = this.#tail;
    let place = 0;
    for (;;) {
      const end = text.indexOf("\n", place);
      const length = (end === -1 ? text.length : end) - place;
      if (length > longestLine) {
        const cut = findCut(text, place, place + longestLine);
        this.#blocks.addLine(text.slice(place, cut), this.#isContinued);
        this.#isContinued = true;
        place = cut;
      } else if (end === -1) {
        break;
      } else {
        this.#blocks.addLine(text.slice(place, end), this.#isContinued);
        this.#isContinued = false;
        place = end + 1;
      }
    }
    this.#tail = text.slice(place);
  }

  #split(rows: readonly string[], ready: number, settled: number, columns: number): Frame {
    const final = Math.max(settled, this.#ahead);
    const done = rows.slice(this.#ahead, final);
    this.#ahead = Math.max(0, final - ready);
    const open = rows.slice(final);
    return {
      done: done.map((row) => `${row}\n`).join(""),
      // Code is as wide as it is, and a paragraph may be older than the width.
      open: open.flatMap((row) => breakRow(row, columns)),
    };
  }
}

/** Behind a space, if there is one; never between the halves of a character. */
function findCut(text: string, from: number, end: number): number {
  const space = text.lastIndexOf(" ", end - 1);
  if (space > from + longestLine / 2) return space + 1;
  const unit = text.charCodeAt(end);
  return unit >= 0xdc00 && unit <= 0xdfff ? end - 1 : end;
}
