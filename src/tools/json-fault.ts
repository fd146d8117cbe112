export interface JsonFault {
  /** The index of the first character that cannot stand there. */
  readonly position: number;
  readonly reason: string;
}

/** Where text stops being JSON, for text that `JSON.parse` refused (it names no position). */
export function findJsonFault(text: string): JsonFault {
  const scanner = { text, position: 0 };
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  while (true) {
    skipSpace(scanner);
    const character = text[scanner.position];
    if (character === undefined) return fault(scanner, "unexpected end");
    const next = step(scanner, character, expected, open);
    if (next === undefined) return fault(scanner, describe(scanner, character));
    expected = next;
  }
}

type Expected = "value" | "value-or-end" | "name" | "name-or-end" | "colon" | "comma-or-end" | "nothing";

interface Scanner {
  readonly text: string;
  position: number;
}

// Each part can begin in one way only: with two, a string that never ends is tried in every split of its letters.
const stringPrefix = /"[^"\\\0-\x1f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\0-\x1f]*)*/y;
const string = new RegExp(`${stringPrefix.source}"`, "y");
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)/y;

/** Moves over one token and says what may follow it; nothing when the token cannot stand here. */
function step(
  scanner: Scanner,
  character: string,
  expected: Expected,
  open: ("{" | "[")[],
): Expected | undefined {
  const wantsValue = expected === "value" || expected === "value-or-end";
  const wantsName = expected === "name" || expected === "name-or-end";
  if (character === "}" || character === "]") {
    const opener = character === "}" ? "{" : "[";
    const mayEnd = expected === "comma-or-end" || expected === "value-or-end" || expected === "name-or-end";
    if (!mayEnd || open.at(-1) !== opener) return undefined;
    open.pop();
    return advance(scanner, 1, afterValue(open));
  }
  if (character === ":" && expected === "colon") return advance(scanner, 1, "value");
  if (character === "," && expected === "comma-or-end") {
    return advance(scanner, 1, open.at(-1) === "{" ? "name" : "value");
  }
  if (wantsName) return skip(scanner, string) ? "colon" : undefined;
  if (!wantsValue) return undefined;
  if (character === "{" || character === "[") {
    open.push(character);
    return advance(scanner, 1, character === "{" ? "name-or-end" : "value-or-end");
  }
  return skip(scanner, string) || skip(scanner, scalar) ? afterValue(open) : undefined;
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? "nothing" : "comma-or-end";
}

function advance(scanner: Scanner, length: number, expected: Expected): Expected {
  scanner.position += length;
  return expected;
}

function skip(scanner: Scanner, token: RegExp): boolean {
  token.lastIndex = scanner.position;
  if (!token.test(scanner.text)) return false;
  scanner.position = token.lastIndex;
  return true;
}

function skipSpace(scanner: Scanner): void {
  while (" \t\n\r".includes(scanner.text[scanner.position] ?? "x")) scanner.position += 1;
}

/** A broken string is reported where it breaks, not where it begins. */
function describe(scanner: Scanner, character: string): string {
  const start = scanner.position;
  if (character !== '"' || skip(scanner, string)) {
    scanner.position = start;
    return `unexpected ${JSON.stringify(character)}`;
  }
  skip(scanner, stringPrefix);
  const breaking = scanner.text[scanner.position];
  return breaking === undefined ? "a string that never ends" : `${JSON.stringify(breaking)} inside a string`;
}

function fault(scanner: Scanner, reason: string): JsonFault {
  return { position: scanner.position, reason };
}
