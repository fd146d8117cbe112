/**
 * Makes text from models, tools and files harmless for a terminal: control characters, escape sequences and what
 * reorders or hides text become visible; line breaks and tabs stay. One per stream: it holds back what the next
 * chunk may complete.
 */
export class TextSanitizer {
  #held = "";

  push(chunk: string): string {
    const text = cutPiles(this.#held + chunk);
    this.#held = takeUndecided(text);
    return clean(text.slice(0, text.length - this.#held.length));
  }

  /** What was held back, when nothing follows. */
  end(): string {
    const rest = clean(this.#held);
    this.#held = "";
    return rest;
  }
}

/** A whole text at once. */
export function sanitizeText(text: string): string {
  return clean(text);
}

/** One line: breaks become spaces. For titles, names and paths. */
export function sanitizeLine(text: string): string {
  return clean(text.replace(/\s+/g, " ").trim());
}

/** A carriage return may belong to a line break, the first half of a character to its second, marks to a pile. */
function takeUndecided(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  if (last === 0x0d) return "\r";
  return last < 0x300 ? "" : (undecidedPile.exec(text.slice(-2 * highestPile - 1))?.[0] ?? "");
}

function clean(text: string): string {
  return cutPiles(text.replaceAll("\r\n", "\n").toWellFormed()).replace(unsafe, toVisible);
}

/** More marks on one character than any script needs would cover the lines around it. */
const highestPile = 8;
const pile = new RegExp(`(\\p{M}{${highestPile}})\\p{M}+`, "gu");
const undecidedPile = new RegExp(`\\p{M}{0,${highestPile}}\\p{Cs}?$`, "u");

function cutPiles(text: string): string {
  return text.replace(pile, "$1");
}

/**
 * C0 without tab and newline, delete, C1; embeddings, overrides and isolates of text direction; separators that some
 * terminals take for line breaks; annotations and invisible tags that hide whole sentences.
 */
const unsafe =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

function toVisible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}
