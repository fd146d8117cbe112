/** Whoever writes a header of his own writes its sum as well. */
export function withHeaderSums(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + 512);
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const size = Number.parseInt(header.subarray(124, 135).toString("latin1"), 8);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return tar;
}
