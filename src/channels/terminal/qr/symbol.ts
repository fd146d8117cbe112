import { toCodewords } from "./codewords.ts";
import { findVersion, type QrVersion } from "./versions.ts";

/** Rows of modules; true is dark. */
export type QrSymbol = readonly (readonly boolean[])[];

/** A text as a QR code; undefined when it is longer than 425 bytes. */
export function toQrSymbol(text: string): QrSymbol | undefined {
  const bytes = new TextEncoder().encode(text);
  const version = findVersion(bytes.length);
  if (version === undefined) return undefined;
  const codewords = toCodewords(bytes, version);
  const drawn = masks.map((_, mask) => new Drawing(version).draw(codewords, mask));
  return drawn.toSorted((one, other) => penalize(one) - penalize(other))[0];
}

/** Which modules of the data are turned over, so that no pattern of the text looks like one of the symbol. */
const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

class Drawing {
  readonly #version: QrVersion;
  readonly #rows: (boolean | undefined)[][];

  constructor(version: QrVersion) {
    this.#version = version;
    this.#rows = Array.from({ length: version.size }, () =>
      Array.from<boolean | undefined>({ length: version.size }),
    );
  }

  draw(codewords: Uint8Array, mask: number): QrSymbol {
    this.#drawFrame();
    this.#drawFormat(mask);
    this.#drawVersion();
    this.#drawData(codewords, mask);
    return this.#rows.map((row) => row.map((module) => module === true));
  }

  #set(row: number, column: number, isDark: boolean): void {
    const line = this.#rows[row];
    if (line !== undefined && column >= 0 && column < line.length) line[column] = isDark;
  }

  #drawFrame(): void {
    const { size, alignment } = this.#version;
    for (const [row, column] of [
      [3, 3],
      [3, size - 4],
      [size - 4, 3],
    ] as const) {
      this.#drawRings(row, column, 4, [0, 1, 3]);
    }
    for (let place = 8; place < size - 8; place++) {
      this.#set(6, place, place % 2 === 0);
      this.#set(place, 6, place % 2 === 0);
    }
    const [first, last] = [alignment[0], alignment.at(-1)];
    for (const row of alignment) {
      for (const column of alignment) {
        const isCorner =
          (row === first && (column === first || column === last)) || (row === last && column === first);
        if (!isCorner) this.#drawRings(row, column, 2, [0, 2]);
      }
    }
  }

  /** Squares around a module: of each distance, whether it is dark. */
  #drawRings(row: number, column: number, reach: number, dark: readonly number[]): void {
    for (let down = -reach; down <= reach; down++) {
      for (let right = -reach; right <= reach; right++) {
        const ring = Math.max(Math.abs(down), Math.abs(right));
        this.#set(row + down, column + right, dark.includes(ring));
      }
    }
  }

  /** Twice: the level of correction and the mask. */
  #drawFormat(mask: number): void {
    const { size } = this.#version;
    const lowest = 0b01;
    const bits = ((((lowest << 3) | mask) << 10) | toRest((lowest << 3) | mask, 10, 0x537)) ^ 0x5412;
    const isDark = (bit: number): boolean => ((bits >> bit) & 1) === 1;
    for (let bit = 0; bit < 15; bit++) {
      const [row, column] = bit < 6 ? [bit, 8] : bit < 8 ? [bit + 1, 8] : bit === 8 ? [8, 7] : [8, 14 - bit];
      this.#set(row ?? 0, column ?? 0, isDark(bit));
      if (bit < 8) this.#set(8, size - 1 - bit, isDark(bit));
      else this.#set(size - 15 + bit, 8, isDark(bit));
    }
    this.#set(size - 8, 8, true);
  }

  #drawVersion(): void {
    const { version, size } = this.#version;
    if (version < 7) return;
    const bits = (version << 12) | toRest(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit++) {
      const isDark = ((bits >> bit) & 1) === 1;
      const [near, far] = [Math.floor(bit / 3), size - 11 + (bit % 3)];
      this.#set(near, far, isDark);
      this.#set(far, near, isDark);
    }
  }

  /** In pairs of columns from the right, up and down by turns, past all that is drawn already. */
  #drawData(codewords: Uint8Array, mask: number): void {
    const { size } = this.#version;
    let bit = 0;
    for (let right = size - 1, isUp = true; right > 0; right -= 2, isUp = !isUp) {
      // The column of the timing pattern is no half of a pair.
      if (right === 6) right -= 1;
      for (let step = 0; step < size; step++) {
        const row = isUp ? size - 1 - step : step;
        for (const column of [right, right - 1]) {
          if (this.#rows[row]?.[column] !== undefined) continue;
          const value = ((codewords[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
          this.#set(row, column, (value === 1) !== (masks[mask]?.(row, column) ?? false));
          bit += 1;
        }
      }
    }
  }
}

/** What is left of a number with so many zeros behind it, divided by a polynomial of ones and zeros. */
function toRest(value: number, zeros: number, divisor: number): number {
  let rest = value;
  for (let step = 0; step < zeros; step++) rest = (rest << 1) ^ ((rest >> (zeros - 1)) * divisor);
  return rest;
}

/** How hard the symbol is to read, by the rules of the standard. */
function penalize(symbol: QrSymbol): number {
  const size = symbol.length;
  const columns = Array.from({ length: size }, (_, column) => symbol.map((row) => row[column] === true));
  let penalty = 0;
  let dark = 0;
  for (const line of [...symbol, ...columns]) {
    const text = line.map((module) => (module ? "1" : "0")).join("");
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
    penalty += 40 * (text.match(/(?=10111010000|00001011101)/g) ?? []).length;
  }
  for (const [row, line] of symbol.entries()) {
    for (const [column, module] of line.entries()) {
      if (module) dark += 1;
      const around = [line[column + 1], symbol[row + 1]?.[column], symbol[row + 1]?.[column + 1]];
      if (around.every((each) => each === module)) penalty += 3;
    }
  }
  const off = Math.abs(dark * 20 - size * size * 10);
  return penalty + 10 * Math.max(0, Math.ceil(off / (size * size)) - 1);
}
