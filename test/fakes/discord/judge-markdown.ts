import { cutTo, longestText } from "../../../src/channels/discord/cut.ts";
import { toDiscordMarkdown } from "../../../src/channels/discord/format.ts";
import type { Entity, Formatted } from "../../../src/channels/rich-text/entities.ts";
import { toFormatted } from "../../../src/channels/rich-text/format.ts";
import { readMarkdown, type SeenMark } from "./read-markdown.ts";

const types: Readonly<Record<string, readonly Entity["type"][]>> = {
  bold: ["bold"],
  italic: ["italic"],
  strikethrough: ["strikethrough"],
  code: ["code"],
  "code-block": ["pre"],
  link: ["text_link"],
  blockquote: ["blockquote"],
};

/** What is wrong with the messages that Discord would be sent for a text, of at most `most` signs. */
export function judgeForDiscord(markdown: string, most = longestText): string | undefined {
  const whole = toFormatted(markdown);
  const pieces = cutTo(whole, most);
  for (const piece of pieces) {
    const problem = judgePiece(piece, most);
    if (problem !== undefined) return problem;
  }
  const sent = pieces.map(({ text }) => text).join("");
  return toSigns(sent) === toSigns(whole.text) ? undefined : "something was lost where it was cut";
}

export function judgePiece(piece: Formatted, most: number): string | undefined {
  const written = toDiscordMarkdown(piece);
  const shown = JSON.stringify(written).slice(0, 400);
  if (written.length > most && piece.text.length > 1) return `${written.length} signs: ${shown}`;
  const seen = readMarkdown(written);
  if (toSigns(seen.text) !== toSigns(piece.text)) {
    return `it is read otherwise: ${shown} as ${JSON.stringify(seen.text).slice(0, 400)}`;
  }
  const wrong = seen.marks.find((mark) => !isMeant(mark, seen.text, piece));
  return wrong === undefined ? undefined : `${wrong.type} was not meant: ${shown}`;
}

/** Each sign that looks so was to look so. */
function isMeant({ type, offset, length, url }: SeenMark, text: string, piece: Formatted): boolean {
  const known = types[type];
  if (known === undefined) return false;
  const from = toSigns(text.slice(0, offset)).length;
  const to = from + toSigns(text.slice(offset, offset + length)).length;
  const meant = piece.entities.filter((entity) => known.includes(entity.type));
  if (url !== undefined && !meant.some((entity) => entity.url === url || entity.url === `${url}/`))
    return false;
  const covered = new Set(
    meant.flatMap((entity) => {
      const start = toSigns(piece.text.slice(0, entity.offset)).length;
      const { length: signs } = toSigns(piece.text.slice(entity.offset, entity.offset + entity.length));
      return Array.from({ length: signs }, (_, index) => start + index);
    }),
  );
  return Array.from({ length: to - from }, (_, index) => from + index).every((at) => covered.has(at));
}

/** What is seen: no space, and not what only parts marks. */
function toSigns(text: string): string {
  return text.replace(/[\s\u200B]/gu, "");
}
