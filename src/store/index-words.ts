/** Scripts that are written without spaces. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]+/gu;

/** A text as the index of words takes it: what is written without spaces becomes pairs of characters that overlap. */
export function toIndexText(text: string): string {
  return text.normalize("NFKC").replace(unspaced, (run) => ` ${toPairs(run).join(" ")} `);
}

/** The words that a query asks for, each once, as they stand in the index; at most sixteen. */
export function toIndexWords(query: string): readonly string[] {
  const words =
    toIndexText(query)
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
  return [...new Set(words)].slice(0, 16);
}

function toPairs(run: string): readonly string[] {
  const characters = Array.from(run);
  if (characters.length === 1) return characters;
  // A single character is also found.
  return characters.slice(0, -1).map((character, index) => character + (characters[index + 1] ?? ""));
}
