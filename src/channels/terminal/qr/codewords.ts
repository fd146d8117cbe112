import { toCorrection } from "./galois.ts";
import type { QrVersion } from "./versions.ts";

/** The bytes of a text as they stand in the symbol: padded, parted into blocks, corrected, and woven into each other. */
export function toCodewords(
  bytes: Uint8Array,
  { version, codewords, correction, blocks }: QrVersion,
): Uint8Array {
  const data = toData(bytes, codewords - correction * blocks, version);
  const short = Math.floor(data.length / blocks);
  const shortBlocks = blocks - (data.length % blocks);
  const parts: Uint8Array[] = [];
  let place = 0;
  for (let index = 0; index < blocks; index++) {
    const length = short + (index < shortBlocks ? 0 : 1);
    parts.push(data.subarray(place, place + length));
    place += length;
  }
  const woven = [...weave(parts), ...weave(parts.map((part) => toCorrection(part, correction)))];
  return Uint8Array.from(woven);
}

/** Byte mode, the length, the bytes, an end, and what fills the rest. */
function toData(bytes: Uint8Array, capacity: number, version: number): Uint8Array {
  const lengthBits = version < 10 ? 8 : 16;
  const bits: number[] = [];
  const add = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  add(0b0100, 4);
  add(bytes.length, lengthBits);
  for (const byte of bytes) add(byte, 8);
  add(0, Math.min(4, capacity * 8 - bits.length));
  add(0, (8 - (bits.length % 8)) % 8);
  for (let fill = 0; bits.length < capacity * 8; fill++) add(fill % 2 === 0 ? 0xec : 0x11, 8);
  const data = new Uint8Array(capacity);
  for (const [index, bit] of bits.entries()) {
    const at = Math.floor(index / 8);
    data[at] = (data[at] ?? 0) | (bit << (7 - (index % 8)));
  }
  return data;
}

/** The first of each, the second of each, and so on; the longer ones go on alone. */
function weave(parts: readonly Uint8Array[]): number[] {
  const longest = Math.max(...parts.map(({ length }) => length));
  const woven: number[] = [];
  for (let index = 0; index < longest; index++) {
    for (const part of parts) {
      const value = part[index];
      if (value !== undefined) woven.push(value);
    }
  }
  return woven;
}
