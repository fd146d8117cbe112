/**
 * Text as its bytes are: what has no width, turns the direction, stands for nothing or looks like a space is shown by
 * its number; nothing is left out. Line breaks and plain spaces stay, but for rows of them that would push the rest out
 * of sight. Marks that pile up on one character are shown by their number too.
 */
export function showHidden(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(hidden, toNumber)
    .replace(pile, (marks) => Array.from(marks, toNumber).join(""))
    .replace(emptyLines, (lines) => `\n⟨${lines.length - 1} empty lines⟩\n`)
    .replace(wideGap, (gap) => `⟨${gap.length} spaces⟩`);
}

/** Controls, formats, unassigned and private ones, all separators but space and line break, what fonts leave out, and the empty Braille cell. */
const hidden = /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const pile = /(?<=\p{M}{4})\p{M}+/gu;
const emptyLines = /\n(?:[ ]*\n){3,}/g;
const wideGap = / {13,}/g;

function toNumber(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
