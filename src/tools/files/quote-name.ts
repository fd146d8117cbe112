const plain = /^(?!\$')[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;

/**
 * A file name as one harmless line. An odd one (control characters, bidirectional overrides, bytes that are not
 * UTF-8) is written as bash would take it: `$'a\nb\377'`.
 */
export function quoteName(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (text !== undefined && plain.test(text)) return text;
  const escaped = text === undefined ? escapeBytes(bytes) : escapeText(text);
  return `$'${escaped}'`;
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function escapeText(text: string): string {
  return Array.from(text, (character) =>
    plain.test(character) ? escapeQuote(character) : toHex(character),
  ).join("");
}

function escapeBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const isPrintable = byte >= 0x20 && byte < 0x7f;
    return isPrintable ? escapeQuote(String.fromCharCode(byte)) : toEscape(byte);
  }).join("");
}

function escapeQuote(character: string): string {
  return character === "'" || character === "\\" ? `\\${character}` : character;
}

function toHex(character: string): string {
  return Array.from(Buffer.from(character), toEscape).join("");
}

/** Three octal digits: a hexadecimal escape would swallow a digit that follows it. */
function toEscape(byte: number): string {
  if (byte === 0x0a) return "\\n";
  if (byte === 0x09) return "\\t";
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
