/* oxlint-disable no-control-regex -- they are what a terminal reads */

/** As much of a terminal as a line editor needs: what a person would see, scrollback included. */
export class TerminalScreen {
  #columns: number;
  #rows: string[][] = [[]];
  #row = 0;
  #column = 0;
  #rest = "";

  constructor(columns: number) {
    this.#columns = columns;
  }

  resize(columns: number): void {
    this.#columns = columns;
  }

  get text(): string {
    return this.#rows.map((row) => row.join("").trimEnd()).join("\n");
  }

  /** Where in `text` the cursor's line begins. */
  get lineStart(): number {
    return this.text.split("\n").slice(0, this.#row).join("\n").length;
  }

  /** Row and column of the cursor, from the very first line. */
  get cursor(): readonly [number, number] {
    return [this.#row, Math.min(this.#column, this.#columns - 1)];
  }

  push(bytes: string): void {
    let text = this.#rest + bytes;
    this.#rest = /\u001b(?:\[[0-?]*)?$/.exec(text)?.[0] ?? "";
    text = text.slice(0, text.length - this.#rest.length);
    for (const [token] of text.matchAll(/\u001b\[[0-?]*[@-~]|[\r\n\t]|[^\u001b\r\n\t]+|./gsu)) {
      if (token.startsWith("\u001b[")) this.#obey(token);
      else if (token === "\r") this.#column = 0;
      else if (token === "\n") this.#moveTo(this.#row + 1);
      else if (token === "\t")
        this.#column = Math.min(this.#columns - 1, (Math.floor(this.#column / 8) + 1) * 8);
      else for (const { segment } of new Intl.Segmenter().segment(token)) this.#put(segment);
    }
  }

  #put(character: string): void {
    const width = Bun.stringWidth(character);
    if (this.#column + width > this.#columns) {
      this.#moveTo(this.#row + 1);
      this.#column = 0;
    }
    const row = this.#rows[this.#row] ?? [];
    while (row.length < this.#column) row.push(" ");
    row[this.#column] = character;
    for (let filler = 1; filler < width; filler++) row[this.#column + filler] = "";
    this.#column += width;
  }

  #moveTo(row: number): void {
    this.#row = Math.max(0, row);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }

  #obey(sequence: string): void {
    const count = Math.max(1, Number.parseInt(sequence.slice(2), 10) || 0);
    switch (sequence.at(-1)) {
      case "A":
        return this.#moveTo(this.#row - count);
      case "C":
        this.#column = Math.min(this.#columns - 1, this.#column + count);
        return;
      case "J":
      case "K":
        this.#rows[this.#row] = (this.#rows[this.#row] ?? []).slice(0, this.#column);
        if (sequence.endsWith("J")) this.#rows.length = this.#row + 1;
        return;
      default:
    }
  }
}
