const control = /\r\n?|(?![\n\t])\p{Cc}/gu;
const turning = /[\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text without raw control characters: newline and tab stay, a carriage return becomes a newline (what it would
 * overwrite stays readable), the others are shown as their pictures (`␛`). Lone surrogates become U+FFFD.
 */
export function toVisible(text: string): string {
  return text.toWellFormed().replace(control, toPicture);
}

/** The same on one line, without marks that turn the direction of text, and cut to `limit` characters: for titles and messages. */
export function toVisibleLine(text: string, limit: number): string {
  const line = toVisible(text.slice(0, limit * 2))
    .replace(/[\n\t]/g, " ")
    .replace(turning, toEscape);
  return line.length > limit || text.length > limit * 2 ? `${cutWhole(line, limit - 1)}…` : line;
}

/** The first `length` characters, or one less where that would split a surrogate pair. */
export function cutWhole(text: string, length: number): string {
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, splitsPair && length < text.length ? length - 1 : length);
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

function toPicture(character: string): string {
  if (character.startsWith("\r")) return "\n";
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? "␡" : `\\x${code.toString(16)}`;
}
