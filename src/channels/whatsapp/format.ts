import { isCode, toEnd, type Entity, type Formatted } from "../rich-text/entities.ts";
import type { Cut } from "../rich-text/pieces.ts";
import { splitFormatted } from "../rich-text/split.ts";

/** WhatsApp takes sixteen times as much, and hides all but the beginning behind "read more". */
export const longestText = 4096;

const mostEntities = 200;

export const cutForWhatsApp: Cut = (whole) =>
  splitFormatted(whole, { units: longestText, entities: mostEntities });

const marks = { bold: "*", italic: "_", strikethrough: "~", code: "`", pre: "```" } as const;

/** A mark counts only where a word begins or ends, and only around something that is no space. */
const wordSign = /[\p{L}\p{N}_]/u;

/** Text and what it looks like, in WhatsApp's own marks. Where a mark would not count, the words stand without it. */
export function toMarked({ text, entities }: Formatted): string {
  const before = new Map<number, string>();
  const behind = new Map<number, string>();
  for (const entity of entities) {
    const placed = toPlaced(text, entity);
    if (placed === undefined) continue;
    const { start, end, open, close } = placed;
    before.set(start, (before.get(start) ?? "") + open);
    behind.set(end, close + (behind.get(end) ?? ""));
  }
  let marked = "";
  for (let at = 0; at <= text.length; at++) {
    marked += (behind.get(at) ?? "") + (before.get(at) ?? "") + text.charAt(at);
  }
  return toQuoted(marked);
}

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly open: string;
  readonly close: string;
}

function toPlaced(text: string, entity: Entity): Placed | undefined {
  const inner = text.slice(entity.offset, toEnd(entity));
  const start = isCode(entity) ? entity.offset : entity.offset + inner.length - inner.trimStart().length;
  const end = isCode(entity) ? toEnd(entity) : toEnd(entity) - (inner.length - inner.trimEnd().length);
  const words = text.slice(start, end);
  switch (entity.type) {
    case "text_link": {
      const { url = "" } = entity;
      // What it leads to is seen, and nothing is asked for before somebody taps it. Once is enough.
      const isSeen = [words, `${words}/`].includes(url) || text.startsWith(` (${url})`, end);
      return isSeen ? undefined : { start, end, open: "", close: ` (${url})` };
    }
    case "pre":
      return { start, end, open: "```", close: "```" };
    case "code":
      return words.includes("`") || words.includes("\n") ? undefined : { start, end, open: "`", close: "`" };
    case "blockquote":
      return { start, end, open: quoteStart, close: quoteEnd };
    default: {
      const mark = marks[entity.type];
      const isInWord = wordSign.test(text.charAt(start - 1)) || wordSign.test(text.charAt(end));
      // Such a mark ends with its line, and at the first of its kind.
      if (words === "" || isInWord || words.includes("\n") || words.includes(mark)) return undefined;
      return { start, end, open: mark, close: mark };
    }
  }
}

/** Stand for nothing that can be in a text: controls are taken out before. */
const quoteStart = "\u0001";
const quoteEnd = "\u0002";

/** Each line of what is quoted begins with its mark. */
function toQuoted(marked: string): string {
  let depth = 0;
  const lines = marked.split("\n").map((line) => {
    const isQuoted = depth > 0 || line.includes(quoteStart);
    depth += line.split(quoteStart).length - line.split(quoteEnd).length;
    const bare = line.replaceAll(quoteStart, "").replaceAll(quoteEnd, "");
    return isQuoted ? `> ${bare}` : bare;
  });
  return lines.join("\n");
}
