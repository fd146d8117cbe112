import type { CommandIo } from "./command-io.ts";

/** Words for a terminal; each returns its text untouched where there is no colour. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** Colour is for terminals, and for people who did not ask for none. */
export function hasColor(io: CommandIo, output: "output" | "error"): boolean {
  return io.isTerminal[output] && (io.env["NO_COLOR"] ?? "") === "" && io.env["TERM"] !== "dumb";
}

export function createStyle(isColored: boolean): Style {
  function between(on: number, off: number): (text: string) => string {
    return isColored ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  }
  return {
    bold: between(1, 22),
    dim: between(2, 22),
    red: between(31, 39),
    green: between(32, 39),
    yellow: between(33, 39),
  };
}
