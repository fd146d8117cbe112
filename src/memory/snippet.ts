import { toIndexWords } from "../store/index-words.ts";

const around = 220;

/** The part of a text where the first of the words stands that are looked for. */
export function toSnippet(text: string, query: string): string {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= around * 2) return flat;
  const folded = flat.toLowerCase();
  const places = toIndexWords(query).map((word) => folded.indexOf(word));
  const [first = 0] = places.filter((place) => place >= 0).toSorted((one, other) => one - other);
  const start = Math.max(0, Math.min(first - around / 2, flat.length - around * 2));
  const part = flat.slice(start, start + around * 2).toWellFormed();
  return `${start > 0 ? "…" : ""}${part}${start + around * 2 < flat.length ? "…" : ""}`;
}
