import { systemCode } from "../../errors.ts";

/**
 * The last `wanted` lines that `keep` wants, oldest first, out of the log and the files that were put aside. `size` is how
 * far the current file was read: whoever follows it goes on there.
 */
export async function readLastLines(
  path: string,
  wanted: number,
  keep: (line: string) => boolean,
): Promise<{ readonly lines: readonly string[]; readonly size: number }> {
  const found: (readonly string[])[] = [];
  let count = 0;
  let size = 0;
  for (let age = 0; count < wanted || age === 0; age++) {
    const bytes = await readIfThere(age === 0 ? path : `${path}.${age}`);
    if (bytes === undefined && age > 0) break;
    // A line that is being written right now is left for those who follow.
    const whole = bytes?.subarray(0, bytes.lastIndexOf(0x0a) + 1) ?? new Uint8Array(0);
    if (age === 0) size = whole.length;
    const lines = new TextDecoder().decode(whole).split("\n").slice(0, -1).filter(keep);
    found.unshift(lines);
    count += lines.length;
  }
  return { lines: wanted === 0 ? [] : found.flat().slice(-wanted), size };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await Bun.file(path).bytes();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
