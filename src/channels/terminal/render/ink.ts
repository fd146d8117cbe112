/** Names of the terminal's own palette: the person chose what reads on their ground. No backgrounds, no greys of ours. */
export type Color = "red" | "green" | "magenta" | "cyan";

export interface Ink {
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly color?: Color;
  /** Where a click leads; checked by `toSafeAddress`. */
  readonly address?: string;
}

/** A piece of sanitised text that looks one way. */
export interface Span {
  readonly text: string;
  readonly ink: Ink;
}

export const plain: Ink = {};
export const dim: Ink = { dim: true };

/** A row for the terminal, whole in itself: it begins and ends without colour and outside of links. */
export function paint(spans: readonly Span[]): string {
  let painted = "";
  let place = 0;
  while (place < spans.length) {
    const ink = spans[place]?.ink ?? plain;
    let text = "";
    while (place < spans.length && spans[place]?.ink === ink) text += spans[place++]?.text ?? "";
    painted += paintText(text, ink);
  }
  return painted;
}

export function paintText(text: string, ink: Ink): string {
  if (text === "") return "";
  const codes = toCodes(ink);
  const styled = codes === "" ? text : `\u001b[${codes}m${text}\u001b[0m`;
  return ink.address === undefined ? styled : linkTo(ink.address, styled);
}

/** For people who want no colours: what is bold, italic or quiet stays so. For painted text only. */
export function withoutColor(painted: string): string {
  // oxlint-disable-next-line no-control-regex -- what is painted is made of them
  return painted.replaceAll(/\u001b\[([\d;]*)m/g, (_, codes: string) => {
    const kept = codes.split(";").filter((code) => !/^3\d$/.test(code));
    return kept.length === 0 ? "" : `\u001b[${kept.join(";")}m`;
  });
}

/** The id makes one link of the rows that a long one is broken into. */
function linkTo(address: string, text: string): string {
  const id = Bun.hash.crc32(address).toString(36);
  return `\u001b]8;id=${id};${address}\u001b\\${text}\u001b]8;;\u001b\\`;
}

const colorCodes = { red: 31, green: 32, magenta: 35, cyan: 36 } as const;

function toCodes(ink: Ink): string {
  let codes = "";
  if (ink.bold === true) codes += ";1";
  if (ink.dim === true) codes += ";2";
  if (ink.italic === true) codes += ";3";
  if (ink.underline === true) codes += ";4";
  if (ink.strike === true) codes += ";9";
  if (ink.color !== undefined) codes += `;${colorCodes[ink.color]}`;
  return codes.slice(1);
}
