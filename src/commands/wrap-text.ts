/** Lines of at most `columns`, broken between words, or between the letters of a script that has no spaces; a longer word gets a line of its own. */
export function wrapText(text: string, columns: number): string[] {
  const width = Math.max(columns, 20);
  const lines: string[] = [];
  let line = "";
  for (const piece of toPieces(text)) {
    if (line !== "" && Bun.stringWidth(line + piece.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    } else {
      line += piece;
    }
  }
  return [...lines, line.trimEnd()];
}

/**
 * What a line may not be broken inside of: a word with the space behind it, or one wide letter with the punctuation
 * around it, which begins and ends no line.
 */
function toPieces(text: string): readonly string[] {
  return (
    text.match(
      /[（「《“]*(?:\p{Script=Han}|[^\s\p{Script=Han}（「《“]+)[，。：；！？、）」》”…]*\s*|\s+|./gu,
    ) ?? []
  );
}
