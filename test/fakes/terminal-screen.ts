/* oxlint-disable no-control-regex -- they are what a terminal reads */

interface Row {
  cells: string[];
  /** The terminal broke the line here: what follows belongs to it. */
  isBroken: boolean;
}

const segmenter = new Intl.Segmenter();
const sequence = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b\[[0-?]*[ -/]*[@-~]/;
const tokens = new RegExp(`${sequence.source}|[\\r\\n\\t]|[^\\u001b\\r\\n\\t]+|.`, "gsu");
const unfinished = /\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]*\u001b?)?$/;

/**
 * As much of a terminal as our output needs: what a person would see, scrollback included. What scrolled out of sight
 * can not be changed any more, and a new width breaks lines anew, as terminals do.
 */
export class TerminalScreen {
  #columns: number;
  #height: number;
  #rows: Row[] = [createRow()];
  #row = 0;
  #column = 0;
  #rest = "";
  #breaksLines = true;
  #isUpdating = false;
  #style = "";
  #link = "";

  constructor(columns: number, height = Infinity) {
    this.#columns = columns;
    this.#height = height;
  }

  /** Breaks what is too wide for the new width, and joins what was broken. */
  resize(columns: number, height = this.#height): void {
    const lines: string[][] = [];
    let cursor = { line: 0, cell: 0 };
    let isBroken = false;
    for (const [index, row] of this.#rows.entries()) {
      if (!isBroken) lines.push([]);
      const line = lines.at(-1) ?? [];
      if (index === this.#row) cursor = { line: lines.length - 1, cell: line.length + this.#column };
      for (const cell of row.cells) line.push(cell);
      ({ isBroken } = row);
    }
    this.#columns = columns;
    this.#height = height;
    this.#rows = [];
    for (const [index, line] of lines.entries()) {
      const first = this.#rows.length;
      for (let place = 0; place === 0 || place < line.length; place += columns) {
        this.#rows.push({
          cells: line.slice(place, place + columns),
          isBroken: place + columns < line.length,
        });
      }
      if (index === cursor.line) {
        this.#row = Math.min(first + Math.floor(cursor.cell / columns), this.#rows.length - 1);
        this.#column = cursor.cell % columns;
      }
    }
  }

  get text(): string {
    return this.#rows.map(({ cells }) => cells.join("").trimEnd()).join("\n");
  }

  /** The same with lines whole that only the width broke. */
  get lines(): string {
    return this.#rows
      .map(({ cells, isBroken }) => (isBroken ? cells.join("") : `${cells.join("").trimEnd()}\n`))
      .join("");
  }

  /** Where in `text` the cursor's line begins. */
  get lineStart(): number {
    return this.text.split("\n").slice(0, this.#row).join("\n").length;
  }

  /** Row and column of the cursor, from the very first line. */
  get cursor(): readonly [number, number] {
    return [this.#row, Math.min(this.#column, this.#columns - 1)];
  }

  /** Nothing that was switched on, a colour, a link or a mode, is left on; no sequence is half. */
  get isAtRest(): boolean {
    const hasModes = !this.#breaksLines || this.#isUpdating;
    return this.#style === "" && this.#link === "" && !hasModes && this.#rest === "";
  }

  push(bytes: string): void {
    let text = this.#rest + bytes;
    this.#rest = unfinished.exec(text)?.[0] ?? "";
    text = text.slice(0, text.length - this.#rest.length);
    for (const [token] of text.matchAll(tokens)) {
      if (token.length > 1 && token.startsWith("\u001b")) this.#obey(token);
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#moveTo(this.#row + 1);
      else if (token === "\t")
        this.#column = Math.min(this.#columns - 1, (Math.floor(this.#column / 8) + 1) * 8);
      else if (/^[ -~]*$/.test(token)) for (const character of token) this.#put(character, 1);
      else for (const { segment } of segmenter.segment(token)) this.#put(segment, Bun.stringWidth(segment));
    }
  }

  #put(character: string, width: number): void {
    if (this.#column + width > this.#columns) {
      if (this.#breaksLines) {
        this.#rowAt(this.#row).isBroken = true;
        this.#moveTo(this.#row + 1);
        this.#column = 0;
      } else {
        this.#column = this.#columns - width;
      }
    }
    const row = this.#rowAt(this.#row);
    while (row.cells.length < this.#column) row.cells.push(" ");
    row.cells[this.#column] = character;
    for (let filler = 1; filler < width; filler++) row.cells[this.#column + filler] = "";
    this.#column += width;
  }

  #rowAt(index: number): Row {
    const row = this.#rows[index] ?? createRow();
    this.#rows[index] = row;
    return row;
  }

  /** The first row that is in sight. */
  get #top(): number {
    return Math.max(0, this.#rows.length - this.#height);
  }

  #moveTo(row: number): void {
    this.#row = Math.max(this.#top, row);
    while (this.#rows.length <= this.#row) this.#rows.push(createRow());
  }

  #obey(token: string): void {
    if (token.startsWith("\u001b]8;")) {
      this.#link = /^\u001b\]8;[^;]*;([^\u0007\u001b]*)/.exec(token)?.[1] ?? "";
      return;
    }
    const count = Math.max(1, Number.parseInt(token.slice(2), 10) || 0);
    const row = this.#rowAt(this.#row);
    switch (token.at(-1)) {
      case "A":
        return this.#moveTo(this.#row - count);
      case "B":
        this.#row = Math.min(this.#rows.length - 1, this.#row + count);
        return;
      case "C":
        this.#column = Math.min(this.#columns - 1, this.#column + count);
        return;
      case "J":
        // Some terminals put a screen that is cleared as a whole into the scrollback.
        if (this.#row === this.#top && this.#column === 0 && this.#rows.length > 1) {
          this.#row = this.#rows.length;
          this.#rows.push(createRow());
          return;
        }
        row.cells = row.cells.slice(0, this.#column);
        row.isBroken = false;
        this.#rows.length = this.#row + 1;
        return;
      case "K":
        row.cells = row.cells.slice(0, this.#column);
        row.isBroken = false;
        return;
      case "m":
        this.#style = /\[(?:0|22|39)?m$/.test(token) ? "" : token;
        return;
      case "h":
      case "l":
        if (token.startsWith("\u001b[?7")) this.#breaksLines = token.endsWith("h");
        if (token.startsWith("\u001b[?2026")) this.#isUpdating = token.endsWith("h");
        return;
      default:
    }
  }
}

function createRow(): Row {
  return { cells: [], isBroken: false };
}
