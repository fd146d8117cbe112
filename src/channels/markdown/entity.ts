import { sanitizeText } from "../terminal/sanitize.ts";

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  copy: "©",
  reg: "®",
  trade: "™",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  laquo: "«",
  raquo: "»",
  bull: "•",
  middot: "·",
  times: "×",
  deg: "°",
  euro: "€",
  rarr: "→",
  larr: "←",
};

/** The character that `&amp;` or `&#228;` names. Undefined where it is none, or one that must not reach a terminal. */
export function decodeEntity(entity: string): string | undefined {
  const name = entity.slice(1, -1);
  if (!name.startsWith("#")) return Object.hasOwn(named, name) ? named[name] : undefined;
  const isHex = /^#x/i.test(name);
  const code = Number.parseInt(name.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  if (!(code >= 0x20 && code <= 0x10ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return sanitizeText(character) === character ? character : undefined;
}
