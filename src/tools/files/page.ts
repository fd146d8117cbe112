import { cutWhole } from "../visible.ts";

/** Below what the registry clips, with room for the note. */
const mostCharacters = 9000;
const longestLine = 2000;

export interface Page {
  readonly text: string;
  readonly first: number;
  /** Smaller than `first` when nothing is there. */
  readonly last: number;
  readonly total: number | undefined;
  readonly notes: readonly string[];
}

export interface PageOptions {
  readonly offset: number;
  readonly limit: number;
  /** `undefined`: `bytes` are the whole file. Otherwise they start at `offset`; -1: nobody counted. */
  readonly total: number | undefined;
}

/** As many whole lines from `offset` on as fit a result. */
export function toPage(bytes: Uint8Array, { offset, limit, total }: PageOptions): Page {
  const notes: string[] = [];
  const isWhole = total === undefined;
  const all = toLines(bytes, notes);
  const window = isWhole ? all.slice(offset - 1) : all;
  const lines: string[] = [];
  let length = 0;
  for (const line of window.slice(0, limit)) {
    const shown = line.length > longestLine ? cutLine(line) : line;
    length += shown.length + 1;
    if (length > mostCharacters && lines.length > 0) break;
    lines.push(shown);
    if (shown !== line && !notes.includes(cutNote)) notes.push(cutNote);
  }
  const counted = isWhole ? all.length : total < 0 ? undefined : total;
  return { text: lines.join("\n"), first: offset, last: offset + lines.length - 1, total: counted, notes };
}

const cutNote = `lines longer than ${longestLine} characters are cut at …`;

function cutLine(line: string): string {
  return `${cutWhole(line, longestLine)}…`;
}

function toLines(bytes: Uint8Array, notes: string[]): readonly string[] {
  if (bytes.length === 0) return [];
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\ufffd")) notes.push("not all of it is UTF-8");
  if (text.includes("\r\n")) notes.push("lines end in CRLF");
  const lines = text.split(/\r?\n/);
  if (text.endsWith("\n")) lines.pop();
  return lines;
}
