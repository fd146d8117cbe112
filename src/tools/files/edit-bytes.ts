export interface Edit {
  /** The line of each match, from 1. */
  readonly lines: readonly number[];
  /** The bytes with every match replaced; all else stays as it was, UTF-8 or not. */
  readonly content: () => Uint8Array;
}

/**
 * Finds `old` in the bytes of a file. Where the file ends its lines in CRLF, what the model wrote with plain
 * newlines means those: it is shown no carriage returns.
 */
export function editBytes(
  file: Uint8Array,
  { old, replacement }: { readonly old: string; readonly replacement: string },
): Edit {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const usesCrlf = hasOnlyCrlf(bytes);
  const asWritten = { old: Buffer.from(old), replacement: Buffer.from(replacement) };
  const inCrlf = { old: Buffer.from(toCrlf(old)), replacement: Buffer.from(toCrlf(replacement)) };
  const chosen = usesCrlf || !bytes.includes(asWritten.old) ? inCrlf : asWritten;
  const matches = findAll(bytes, chosen.old);
  return {
    lines: toLineNumbers(bytes, matches),
    content: () => replaceAll(bytes, matches, chosen.old.length, chosen.replacement),
  };
}

const newline = 0x0a;
const carriageReturn = 0x0d;

function hasOnlyCrlf(bytes: Buffer): boolean {
  let at = bytes.indexOf(newline);
  if (at === -1) return false;
  for (; at !== -1; at = bytes.indexOf(newline, at + 1)) {
    if (bytes[at - 1] !== carriageReturn) return false;
  }
  return true;
}

function toCrlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}

function findAll(bytes: Buffer, wanted: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length))
    found.push(at);
  return found;
}

function toLineNumbers(bytes: Buffer, offsets: readonly number[]): readonly number[] {
  let line = 1;
  let from = 0;
  return offsets.map((offset) => {
    for (let at = bytes.indexOf(newline, from); at !== -1 && at < offset; at = bytes.indexOf(newline, from)) {
      line += 1;
      from = at + 1;
    }
    return line;
  });
}

function replaceAll(
  bytes: Buffer,
  matches: readonly number[],
  length: number,
  replacement: Buffer,
): Uint8Array {
  const parts: Buffer[] = [];
  let from = 0;
  for (const at of matches) {
    parts.push(bytes.subarray(from, at), replacement);
    from = at + length;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]);
}
