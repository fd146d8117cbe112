const signatures: readonly (readonly [start: string, name: string])[] = [
  ["89504e470d0a1a0a", "PNG image"],
  ["ffd8ff", "JPEG image"],
  ["474946383", "GIF image"],
  ["25504446", "PDF document"],
  ["504b0304", "ZIP archive (or a document, jar or apk)"],
  ["1f8b", "gzip archive"],
  ["fd377a585a00", "xz archive"],
  ["28b52ffd", "zstd archive"],
  ["7f454c46", "ELF program"],
  ["53514c69746520666f726d6174203300", "SQLite database"],
  ["fffe", "UTF-16 text"],
  ["feff", "UTF-16 text"],
  ["4f676753", "Ogg audio"],
  ["494433", "MP3 audio"],
  ["52494646", "RIFF media (WebP, WAV or AVI)"],
  ["d0cf11e0", "old Office document"],
];

/** Text has no NUL byte and no known signature in its beginning; UTF-16 counts as binary. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8192).includes(0) || findSignature(bytes) !== undefined;
}

/** What kind of file begins with these bytes. */
export function describeBinary(start: Uint8Array): string {
  return findSignature(start) ?? "unknown type";
}

function findSignature(start: Uint8Array): string | undefined {
  const hex = Buffer.from(start.subarray(0, 16)).toString("hex");
  return signatures.find(([signature]) => hex.startsWith(signature))?.[1];
}
