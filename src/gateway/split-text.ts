/** Where nobody says how much a platform takes. */
export const defaultMostCharacters = 4000;

/** Pieces of at most `most` characters, cut between paragraphs, lines or words where that can be. Never empty. */
export function splitText(text: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const head = rest.slice(0, most);
    const cuts = ["\n\n", "\n", " "].map((mark) => head.lastIndexOf(mark));
    // A piece that is half empty is worse than a cut word.
    const cut = cuts.find((at) => at > most / 2) ?? (isHighSurrogate(head) ? most - 1 : most);
    pieces.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return rest === "" && pieces.length > 0 ? pieces : [...pieces, rest];
}

function isHighSurrogate(head: string): boolean {
  return /[\uD800-\uDBFF]$/.test(head);
}
