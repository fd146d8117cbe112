/** Lines of at most `columns`, broken between words; a longer word gets a line of its own. */
export function wrapText(text: string, columns: number): string[] {
  const width = Math.max(columns, 20);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && Bun.stringWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
