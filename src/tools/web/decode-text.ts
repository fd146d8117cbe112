/** Bytes as text: by the mark at their beginning, the header, what the document says of itself, else UTF-8 or Windows-1252. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const named =
    findMark(bytes) ??
    toDecoder(/charset\s*=\s*["']?([\w:.-]+)/i.exec(contentType)?.[1]) ??
    toDecoder(findDeclared(bytes));
  if (named !== undefined) return named.decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function findMark([first, second, third]: Uint8Array): TextDecoder | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder("utf-8");
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le");
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}

/** Of HTML and XML; the declaration itself is always readable as Latin letters. */
function findDeclared(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 2048));
  return (
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]+)/i.exec(head)?.[1] ??
    /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w:.-]+)/i.exec(head)?.[1]
  );
}

function toDecoder(label: string | undefined): TextDecoder | undefined {
  if (label === undefined) return undefined;
  try {
    // A declaration that was read as letters was not in UTF-16, whatever it says.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- any label may be asked for; an unknown one throws
    return new TextDecoder((/^utf-?16/i.test(label) ? "utf-8" : label) as Bun.Encoding);
  } catch {
    return undefined;
  }
}
