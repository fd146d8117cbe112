/** One size of a QR code at the lowest level of correction: a screen has no blots. */
export interface QrVersion {
  readonly version: number;
  /** Modules on a side. */
  readonly size: number;
  readonly codewords: number;
  /** Of each block. */
  readonly correction: number;
  readonly blocks: number;
  /** Rows and columns in which alignment patterns stand. */
  readonly alignment: readonly number[];
}

const table: readonly (readonly [number, number, number, readonly number[]])[] = [
  [26, 7, 1, []],
  [44, 10, 1, [6, 18]],
  [70, 15, 1, [6, 22]],
  [100, 20, 1, [6, 26]],
  [134, 26, 1, [6, 30]],
  [172, 18, 2, [6, 34]],
  [196, 20, 2, [6, 22, 38]],
  [242, 24, 2, [6, 24, 42]],
  [292, 30, 2, [6, 26, 46]],
  [346, 18, 4, [6, 28, 50]],
  [404, 20, 4, [6, 30, 54]],
  [466, 24, 4, [6, 32, 58]],
  [532, 26, 4, [6, 34, 62]],
];

/** The smallest that so many bytes fit into; undefined above 425, which a window of 80 columns has no room for. */
export function findVersion(bytes: number): QrVersion | undefined {
  for (const [index, [codewords, correction, blocks, alignment]] of table.entries()) {
    const version = index + 1;
    const head = version < 10 ? 2 : 3;
    if (bytes + head > codewords - correction * blocks) continue;
    return { version, size: 17 + 4 * version, codewords, correction, blocks, alignment };
  }
  return undefined;
}
