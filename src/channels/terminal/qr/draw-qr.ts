import { toQrSymbol } from "./symbol.ts";

/** Light modules around the symbol: without them no camera finds it. */
const quiet = 4;

/**
 * A QR code for a terminal, two rows of it in each line; undefined where it would not fit. With colour it is dark on light
 * whatever the terminal's ground is; without, it is right on a dark ground.
 */
export function drawQrCode(
  text: string,
  { columns, hasColor }: { readonly columns: number; readonly hasColor: boolean },
): string | undefined {
  const symbol = toQrSymbol(text);
  const size = symbol === undefined ? 0 : symbol.length + 2 * quiet;
  if (symbol === undefined || size > columns) return undefined;
  const isDark = (row: number, column: number): boolean => symbol[row - quiet]?.[column - quiet] === true;
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = "";
    for (let column = 0; column < size; column++) {
      const [top, bottom] = [isDark(row, column), isDark(row + 1, column)];
      line += hasColor ? toBlock(top, bottom) : toBlock(!top, !bottom && row + 1 < size);
    }
    lines.push(hasColor ? `\u001b[30;107m${line}\u001b[0m` : line);
  }
  return `${lines.join("\n")}\n`;
}

function toBlock(top: boolean, bottom: boolean): string {
  if (top) return bottom ? "█" : "▀";
  return bottom ? "▄" : " ";
}
