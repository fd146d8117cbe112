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
 * Line by line, each broken between words; what follows stands below what it explains. A last line that is not ended is still
 * being written: it stays as it is.
 */
export function wrapLines(text: string, columns: number): string {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return [...lines.flatMap((line) => wrapRow(line, columns)), last].join("\n");
}

/** Where less than this is left beside it, what explains stands below. */
const narrowest = 24;

/** `  term  what it is`, or words alone. */
function wrapRow(row: string, columns: number): readonly string[] {
  if (Bun.stringWidth(row) <= columns) return [row];
  const [head = ""] = /^\s*(?:\S+(?: \S+)* {2,})?/.exec(row) ?? [];
  const says = row.slice(head.length);
  const indent = Bun.stringWidth(head);
  if (head.trim() === "" || columns - indent >= narrowest) {
    return wrapText(says, columns - indent).map((line, at) => (at === 0 ? head : " ".repeat(indent)) + line);
  }
  return [head.trimEnd(), ...wrapText(says, columns - 6).map((line) => `      ${line}`)];
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
