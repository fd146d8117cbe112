/** Words for a terminal; each returns its text untouched where there is no colour. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

export function createStyle(hasColor: boolean): Style {
  function between(on: number, off: number): (text: string) => string {
    return hasColor ? (text) => `\u001b[${on}m${text}\u001b[${off}m` : (text) => text;
  }
  return {
    bold: between(1, 22),
    dim: between(2, 22),
    red: between(31, 39),
    green: between(32, 39),
    yellow: between(33, 39),
  };
}
