import { withoutHidden } from "./hidden-characters.ts";

/** Content that somebody else wrote, on its way to a model. */
export interface FencedPiece {
  /** What it is. */
  readonly name: FenceName;
  /** Facts about it, some of them as untrusted as the text: who wrote it, a title, the name of a file. */
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** What belongs to it, in fences of their own before the text: what a message answers, a file's name. */
  readonly inner?: readonly FencedPiece[];
}

/** Of one attribute; titles and names are shorter. */
const longestAttribute = 80;

/**
 * The piece between `<name-BOUNDARY …>` and `</name-BOUNDARY>`. The boundary is drawn for each piece, and what looks like the
 * beginning of a block of ours is written another way, so that no text closes its own fence or opens another. It is
 * drawn once, when the message is made: what is stored is sent again as it is, byte for byte.
 */
export function fence(piece: FencedPiece, boundary: string = drawBoundary()): string {
  const body = withoutHidden(piece.text);
  const { hidden } = body;
  const facts = { ...piece.attributes, hidden: hidden === 0 ? undefined : String(hidden) };
  const head = Object.entries(facts)
    .filter((fact): fact is [string, string] => fact[1] !== undefined)
    .map(([name, value]) => ` ${name}="${toAttribute(value)}"`);
  return [
    `<${piece.name}-${boundary}${head.join("")}>`,
    ...(piece.inner ?? []).map((inner) => fence(inner, boundary)),
    encode(body.text),
    `</${piece.name}-${boundary}>`,
  ].join("\n");
}

/** Words of our own, in a block that no part of them can close. */
export function toBlock(name: FenceName, text: string): string {
  return `<${name}>\n${encode(text)}\n</${name}>`;
}

/** 48 bits: who writes the text does not see it before it is too late to guess. */
export function drawBoundary(): string {
  return crypto.getRandomValues(new Uint8Array(6)).toHex();
}

/** The names of our blocks; a fence's name stands here, or its like could be written in a text. */
const names = [
  "attachment",
  "context",
  "event",
  "file",
  "material",
  "memory",
  "message",
  "note",
  "output",
  "quote",
  "skill",
  "summary",
  "system",
  "task",
  "tool",
  "untrusted",
] as const;

export type FenceName = (typeof names)[number];

/** Also as it looks: with other brackets, other slashes, blanks between. */
const openings = new RegExp(`[<＜﹤‹〈《≺](?=\\s*[/／∕⁄]?\\s*(?:${names.join("|")}))`, "giu");
const entities = /&(?=(?:lt|gt|amp|quot|#x[0-9a-f]+);)/g;

function encode(text: string): string {
  return text.replace(entities, "&amp;").replace(openings, toEntity);
}

function toEntity(bracket: string): string {
  return bracket === "<" ? "&lt;" : `&#x${bracket.charCodeAt(0).toString(16)};`;
}

/** On one line, in quotes, whole characters. */
function toAttribute(value: string): string {
  const line = withoutHidden(value.slice(0, longestAttribute * 4))
    .text.replace(/\s+/g, " ")
    .trim();
  const characters = Array.from(line);
  const short =
    characters.length > longestAttribute ? [...characters.slice(0, longestAttribute - 1), "…"] : characters;
  return short
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
