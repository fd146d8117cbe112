/** A value of the file and where it stands: `start` and `end` are offsets into the text. */
export type JsonNode = JsonObject | JsonArray | JsonScalar;

export interface JsonObject extends Range {
  readonly type: "object";
  readonly members: readonly JsonMember[];
}

export interface JsonArray extends Range {
  readonly type: "array";
  readonly items: readonly JsonNode[];
}

export interface JsonScalar extends Range {
  readonly type: "string" | "number" | "boolean" | "null";
  readonly value: string | number | boolean | null;
}

export interface JsonMember {
  readonly key: string;
  readonly name: Range;
  readonly value: JsonNode;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The first thing that is not JSON. Its message never quotes the text. */
export class JsoncError extends Error {
  override readonly name = "JsoncError";
  readonly range: Range;

  constructor(message: string, start: number, end: number) {
    super(message);
    this.range = { start, end: Math.max(end, start + 1) };
  }
}

/** Reads JSON with comments and trailing commas. An empty text is an empty object. Throws `JsoncError`. */
export function parseJsonc(text: string): JsonNode {
  const reader: Reader = { text, at: 0, open: [] };
  skipBlank(reader);
  if (reader.at === text.length) return { type: "object", members: [], start: 0, end: text.length };
  const root = readValue(reader);
  skipBlank(reader);
  if (reader.at < text.length) {
    throw new JsoncError("there is more text after the end", reader.at, wordEnd(reader));
  }
  return root;
}

/** The offset of the first character that is neither blank nor part of a comment. */
export function skipBlankFrom(text: string, offset: number): number {
  const reader: Reader = { text, at: offset, open: [] };
  skipBlank(reader);
  return reader.at;
}

interface Reader {
  readonly text: string;
  at: number;
  /** The brackets that are open, innermost last. */
  readonly open: { readonly bracket: string; readonly at: number }[];
}

const deepest = 64;
const blank = /[ \t\r\n\uFEFF]+/y;
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordForm = /[^\s{}[\],:"/]+/y;
const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

function skipBlank(reader: Reader): void {
  const { text } = reader;
  for (;;) {
    blank.lastIndex = reader.at;
    if (blank.test(text)) reader.at = blank.lastIndex;
    if (text.startsWith("//", reader.at)) {
      const end = text.indexOf("\n", reader.at);
      reader.at = end === -1 ? text.length : end;
    } else if (text.startsWith("/*", reader.at)) {
      const end = text.indexOf("*/", reader.at + 2);
      if (end === -1) {
        throw new JsoncError("this comment is never closed: */ is missing", reader.at, reader.at + 2);
      }
      reader.at = end + 2;
    } else {
      return;
    }
  }
}

function readValue(reader: Reader): JsonNode {
  switch (reader.text[reader.at]) {
    case undefined:
      throw endedEarly(reader);
    case "{":
      return readObject(reader);
    case "[":
      return readArray(reader);
    case '"': {
      const range = readString(reader);
      return { type: "string", value: range.value, start: range.start, end: range.end };
    }
    default:
      return readScalar(reader);
  }
}

function readObject(reader: Reader): JsonObject {
  const start = openBracket(reader, "{");
  const members: JsonMember[] = [];
  for (;;) {
    skipBlank(reader);
    if (takeClosing(reader, "}")) return { type: "object", members, start, end: reader.at };
    const name = readName(reader);
    skipBlank(reader);
    if (reader.text[reader.at] !== ":") {
      throw unexpected(reader, "a colon is missing between the key and its value");
    }
    reader.at += 1;
    skipBlank(reader);
    if (/[,}\]]/.test(reader.text[reader.at] ?? "")) throw unexpected(reader, "a value is missing here");
    members.push({
      key: name.value,
      name: { start: name.start, end: name.end },
      value: readValue(reader),
    });
    takeComma(reader, "}");
  }
}

function readArray(reader: Reader): JsonArray {
  const start = openBracket(reader, "[");
  const items: JsonNode[] = [];
  for (;;) {
    skipBlank(reader);
    if (takeClosing(reader, "]")) return { type: "array", items, start, end: reader.at };
    items.push(readValue(reader));
    takeComma(reader, "]");
  }
}

function openBracket(reader: Reader, bracket: string): number {
  const at = reader.at;
  if (reader.open.length >= deepest) {
    throw new JsoncError(`more than ${deepest} brackets inside one another`, at, at + 1);
  }
  reader.open.push({ bracket, at });
  reader.at += 1;
  return at;
}

function takeClosing(reader: Reader, bracket: string): boolean {
  if (reader.text[reader.at] !== bracket) return false;
  reader.open.pop();
  reader.at += 1;
  return true;
}

function takeComma(reader: Reader, closing: string): void {
  skipBlank(reader);
  const next = reader.text[reader.at];
  if (next === ",") reader.at += 1;
  else if (next !== closing) throw unexpected(reader, `a comma or ${closing} is missing before this`);
}

function readName(reader: Reader): { readonly value: string } & Range {
  const next = reader.text[reader.at];
  if (next === '"') return readString(reader);
  if (next === ",") throw unexpected(reader, "there is one comma too many");
  if (next === "]") throw unexpected(reader, "a } is missing before this");
  throw unexpected(reader, "a key must stand in double quotes");
}

function readString(reader: Reader): { readonly value: string } & Range {
  const { text, at: start } = reader;
  let end = start + 1;
  for (; text[end] !== '"'; end += text[end] === "\\" ? 2 : 1) {
    const character = text[end] === "\\" ? (text[end + 1] ?? "\n") : text[end];
    if (character === undefined || character === "\n" || character === "\r") {
      throw new JsoncError("this text is never closed: a double quote is missing", start, end);
    }
    if (character < " ") throw new JsoncError("text cannot hold a control character", end, end + 1);
  }
  reader.at = end + 1;
  return { value: decodeString(text, start, reader.at), start, end: reader.at };
}

const escapes = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\./g;

function decodeString(text: string, start: number, end: number): string {
  const quoted = text.slice(start, end);
  for (const match of quoted.matchAll(escapes)) {
    if (match[0].length === 2 && !'"\\/bfnrt'.includes(match[0].charAt(1))) {
      const at = start + match.index;
      throw new JsoncError("a backslash must be written twice in text", at, at + 2);
    }
  }
  const value: unknown = JSON.parse(quoted);
  return String(value);
}

function readScalar(reader: Reader): JsonScalar {
  const { text, at: start } = reader;
  numberForm.lastIndex = start;
  const end = wordEnd(reader);
  if (numberForm.test(text) && numberForm.lastIndex === end) {
    reader.at = end;
    return { type: "number", value: Number(text.slice(start, end)), start, end };
  }
  const value = Object.hasOwn(words, text.slice(start, end)) ? words[text.slice(start, end)] : undefined;
  if (value === undefined) throw unexpected(reader, "text must stand in double quotes");
  reader.at = end;
  return { type: value === null ? "null" : "boolean", value, start, end };
}

function wordEnd(reader: Reader): number {
  wordForm.lastIndex = reader.at;
  return wordForm.test(reader.text) ? wordForm.lastIndex : reader.at + 1;
}

function unexpected(reader: Reader, message: string): JsoncError {
  if (reader.at >= reader.text.length) return endedEarly(reader);
  return new JsoncError(message, reader.at, wordEnd(reader));
}

function endedEarly(reader: Reader): JsoncError {
  const opened = reader.open.at(-1);
  if (opened === undefined) return new JsoncError("a value is missing here", reader.at, reader.at + 1);
  return new JsoncError(`the file ends before this ${opened.bracket} is closed`, opened.at, opened.at + 1);
}
