import { grainLength, toLetter, type SecretFinder } from "../egress/secret-finder.ts";
import { shortestSecret } from "../egress/scrub.ts";

/** A window at a time, so that nobody waits for a file of many megabytes to be looked through. */
const windowBytes = 256 * 1024;
/** On either side of a suspicion: longer than a secret with marks between its letters. */
const around = 4096;
const bits = 20;
const factor = 31;

/**
 * The names of secrets that stand in the bytes of a file, found as in a text: encoded, reversed, spaced out, in letters of one byte
 * or of two. What is packed is not unpacked. The time does not depend on how many secrets there are.
 */
export async function findInFile(bytes: Uint8Array, finder: SecretFinder): Promise<readonly string[]> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Set<string>();
  const { forms, grains } = finder.patterns;
  const wholes = forms
    .flatMap(([form, name]) => [
      { name, whole: Buffer.from(form) },
      { name, whole: Buffer.from(form, "utf16le") },
    ])
    .map((each) => ({ ...each, hash: toHash(each.whole.subarray(0, shortestSecret)) }));
  const isWhole = createScan(file, shortestSecret, identity, new Set(wholes.map(({ hash }) => hash)));
  const isPart = createScan(file, grainLength, letters, new Set(Array.from(grains, toGrainHash)));
  for (let to = windowBytes; ; to += windowBytes) {
    for (let hit = isWhole(to); hit !== undefined; hit = isWhole(to)) {
      for (const { name, whole } of wholes) {
        const from = hit - shortestSecret;
        if (whole.equals(file.subarray(from, from + whole.length))) found.add(name);
      }
    }
    for (let hit = isPart(to); hit !== undefined; hit = isPart(to)) {
      // One sign for each byte: the letters of secrets are the same in all ways of writing.
      const near = file.toString("latin1", Math.max(0, hit - around), Math.min(file.length, hit + around));
      for (const { name } of finder.find(near)) found.add(name);
    }
    if (to >= file.length) return [...found];
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What counts of a byte; 0: it is passed over. */
type Signs = Uint16Array;

const identity: Signs = Uint16Array.from({ length: 256 }, (_, code) => code + 1);
const letters: Signs = Uint16Array.from({ length: 256 }, (_, code) => toLetter(code));

/** Goes on from where it was until `to`, or to behind a row of signs that has one of the hashes: there it says so. */
function createScan(
  file: Buffer,
  length: number,
  signs: Signs,
  hashes: ReadonlySet<number>,
): (to: number) => number | undefined {
  const filter = new Uint8Array(2 ** bits);
  // The upper bits are the better mixed ones.
  for (const hash of hashes) filter[hash >>> (32 - bits)] = 1;
  const row = new Uint16Array(length);
  const leaving = power(factor, length);
  let [at, place, count, hash] = [0, 0, 0, 0];
  return (to) => {
    const end = hashes.size === 0 ? 0 : Math.min(to, file.length);
    while (at < end) {
      const sign = signs[file[at++] ?? 0] ?? 0;
      if (sign === 0) continue;
      hash = (Math.imul(hash, factor) + sign - Math.imul(leaving, row[place] ?? 0)) | 0;
      row[place] = sign;
      place = place + 1 === length ? 0 : place + 1;
      count++;
      if (count >= length && filter[hash >>> (32 - bits)] === 1 && hashes.has(hash)) return at;
    }
    return undefined;
  };
}

function toHash(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => (Math.imul(hash, factor) + (identity[byte] ?? 0)) | 0, 0);
}

function toGrainHash(grain: string): number {
  return Buffer.from(grain).reduce((hash, byte) => (Math.imul(hash, factor) + byte) | 0, 0);
}

function power(base: number, exponent: number): number {
  let result = 1;
  for (let round = 0; round < exponent; round++) result = Math.imul(result, base);
  return result;
}
