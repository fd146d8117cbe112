import { takeColumns } from "./width.ts";

const sequences = /(\u001b\[[0-9;]*m|\u001b\]8;[^\u001b]*\u001b\\)/;

/** Breaks a painted row where it is full, colours and links included: each part is whole in itself. */
export function breakRow(row: string, columns: number): readonly string[] {
  if (Bun.stringWidth(row) <= columns) return [row];
  const rows: string[] = [];
  let part = "";
  let width = 0;
  let style = "";
  let link = "";
  for (const piece of row.split(sequences)) {
    if (piece.startsWith("\u001b[")) style = piece === "\u001b[0m" ? "" : piece;
    else if (piece.startsWith("\u001b]")) link = piece === closeLink ? "" : piece;
    if (piece.startsWith("\u001b")) {
      part += piece;
      continue;
    }
    for (let place = 0; place < piece.length;) {
      const next = takeColumns(piece.slice(place), columns - width);
      if (width > 0 && width + next.width > columns) {
        rows.push(part + (style === "" ? "" : "\u001b[0m") + (link === "" ? "" : closeLink));
        part = link + style;
        width = 0;
        continue;
      }
      part += next.taken;
      width += next.width;
      place += next.taken.length;
    }
  }
  return [...rows, part];
}

const closeLink = "\u001b]8;;\u001b\\";
