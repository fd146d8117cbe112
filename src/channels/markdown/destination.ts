export interface Destination {
  readonly address: string;
  /** Behind the closing parenthesis. */
  readonly end: number;
}

const longest = 2048;
const deepest = 8;

/**
 * `(address "title")` at a place of a text. Undefined: there is none. `unfinished`: the text ends before that is
 * clear.
 */
export function readDestination(text: string, place: number): Destination | "unfinished" | undefined {
  if (place >= text.length) return "unfinished";
  if (text[place] !== "(") return undefined;
  const limit = Math.min(text.length, place + longest);
  let at = skipSpace(text, place + 1, limit);
  const address = text[at] === "<" ? readBracketed(text, at, limit) : readBare(text, at, limit);
  if (address === undefined) return undefined;
  if (address !== "unfinished") {
    at = skipSpace(text, address.end, limit);
    if (at > address.end && /["']/.test(text[at] ?? "")) {
      const close = text.indexOf(text.charAt(at), at + 1);
      at = close === -1 || close >= limit ? limit : skipSpace(text, close + 1, limit);
    }
    if (text[at] === ")" && at < limit) return { address: address.address, end: at + 1 };
    if (at < limit) return undefined;
  }
  return limit === text.length ? "unfinished" : undefined;
}

function readBare(text: string, from: number, limit: number): Destination | "unfinished" | undefined {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const character = text.charAt(at);
    if (character <= " ") return { address: text.slice(from, at), end: at };
    if (character === "\\") at += 1;
    if (character === "(" && ++depth > deepest) return undefined;
    if (character === ")" && --depth < 0) return { address: text.slice(from, at), end: at };
  }
  return "unfinished";
}

function readBracketed(text: string, from: number, limit: number): Destination | "unfinished" | undefined {
  for (let at = from + 1; at < limit; at++) {
    if (text[at] === ">") return { address: text.slice(from + 1, at), end: at + 1 };
    if (text[at] === "<" || text[at] === "\n") return undefined;
  }
  return "unfinished";
}

function skipSpace(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit && /\s/.test(text.charAt(at))) at += 1;
  return at;
}
