import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { measure } from "../channels/terminal/render/width.ts";

/** Columns as wide as their widest cell; numbers stand to the right, and nothing in a cell can leave its line. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const lines = [heads, ...rows.map((row) => row.map((cell) => sanitizeLine(String(cell))))];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => measure(line[column] ?? ""))));
  const isNumber = heads.map((_, column) => rows.every((row) => typeof row[column] === "number"));
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => {
        const room = " ".repeat(Math.max(0, (widths[column] ?? 0) - measure(cell)));
        return rows.length > 0 && isNumber[column] === true ? `${room}${cell}` : `${cell}${room}`;
      });
      return `${cells.join("  ").trimEnd()}\n`;
    })
    .join("");
}
