import { cutForWhatsApp, longestText, toMarked } from "../../../src/channels/whatsapp/format.ts";
import { isCode, toEnd, type Entity, type Formatted } from "../../../src/channels/rich-text/entities.ts";
import { toFormatted } from "../../../src/channels/rich-text/format.ts";
import { splitFormatted } from "../../../src/channels/rich-text/split.ts";

/** What is wrong with the messages that WhatsApp would be sent for a text; in pieces of at most `units`, where that is said. */
export function judgeMarkdown(markdown: string, units?: number): string | undefined {
  const whole = toFormatted(markdown);
  const pieces =
    units === undefined ? cutForWhatsApp(whole) : splitFormatted(whole, { units, entities: 200 });
  for (const piece of pieces) {
    const problem = judgePiece(piece, units ?? longestText);
    if (problem !== undefined) return problem;
  }
  const sent = pieces.map(({ text }) => toSigns(text)).join("");
  return sent === toSigns(whole.text) ? undefined : "something was lost where it was cut";
}

function judgePiece(piece: Formatted, units: number): string | undefined {
  const { text, entities } = piece;
  // One sign that is longer than a piece may be cut between its parts, and is never made a broken one.
  if (text.length > units + 1) return `a piece of ${text.length} signs`;
  const shown = toMarked(piece);
  if (!shown.isWellFormed()) return "a sign was cut in two";
  // eslint-disable-next-line no-control-regex -- what stands for a quote on the way
  if (/[\u0001\u0002]/.test(shown)) return "what stands for a quote was sent";
  const lost = findLost(toSigns(text), toSigns(shown));
  if (lost !== undefined) return `from ${JSON.stringify(lost)} on it is not shown`;
  const link = entities.find(
    ({ type, url = "" }) => type === "text_link" && !shown.includes(url.replace(/\/$/, "")),
  );
  if (link !== undefined) return `where ${link.url} leads is not seen`;
  return findUnquoted(piece, shown) ?? findWrongStyle(piece, shown);
}

/** What is added stands between; nothing else may be missing or moved. */
function findLost(text: string, shown: string): string | undefined {
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const found = shown.indexOf(text.charAt(index), at);
    if (found === -1) return text.slice(index, index + 40);
    at = found + 1;
  }
  return undefined;
}

function findUnquoted({ text, entities }: Formatted, shown: string): string | undefined {
  const quoted = entities.filter(({ type }) => type === "blockquote");
  const lines = quoted.flatMap((entity) => wordsOf(text, entity).split("\n"));
  const isShown = (line: string): boolean =>
    shown.split("\n").some((each) => each.startsWith("> ") && findLost(toSigns(line), each) === undefined);
  const bare = lines.find((line) => !isShown(line));
  return bare === undefined ? undefined : `the quoted line ${JSON.stringify(bare.slice(0, 40))} has no mark`;
}

const marks = { bold: "*", italic: "_", strikethrough: "~" } as const;

/**
 * By WhatsApp's own rules (*bold*, _italic_, ~strikethrough~, `code`, ```monospace```), read the way that its telephones do: a
 * mark counts at the edge of a word, around something that is no space, within its line. Where the words themselves hold such
 * signs WhatsApp has no way to say so, and nothing is judged.
 */
export function findWrongStyle({ text, entities }: Formatted, shown: string): string | undefined {
  const said = text + entities.map(({ url = "" }) => url).join(" ");
  if (said.includes("`")) return undefined;
  let plain = shown.replace(/```[^]*?```|`[^`\n]*`/g, code);
  const urls = entities.flatMap(({ url }) => (url === undefined ? [] : [` (${url})`]));
  for (const url of urls) plain = plain.replaceAll(url, "");
  for (const [type, mark] of Object.entries(marks)) {
    if (said.includes(mark)) continue;
    const read = [...plain.matchAll(toPattern(mark))].map(([, words = ""]) => toBare(words, urls));
    const meant = entities
      .filter((entity) => entity.type === type && isMarkable(text, entity))
      .map((entity) => toBare(wordsOf(text, entity, entities.filter(isCode)), urls));
    if (JSON.stringify(read) !== JSON.stringify(meant))
      return `${type} is ${JSON.stringify(read)} and not ${JSON.stringify(meant)}`;
  }
  return undefined;
}

function toPattern(mark: string): RegExp {
  const each = `[${mark}]`;
  return new RegExp(
    `(?<![\\p{L}\\p{N}])${each}(?=\\S)([^${mark}\\n]+?)(?<=\\S)${each}(?![\\p{L}\\p{N}])`,
    "gu",
  );
}

function toBare(words: string, urls: readonly string[]): string {
  const without = urls.reduce((left, url) => left.replaceAll(url, ""), words);
  return without
    .replaceAll(/[*_~`]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** Stands for all code, in which nothing is a mark. */
const code = "\u{1F5CE}";

function wordsOf(text: string, entity: Entity, codes: readonly Entity[] = []): string {
  let words = "";
  for (let at = entity.offset; at < toEnd(entity); at++) {
    const inside = codes.find((each) => each.offset <= at && at < toEnd(each));
    if (inside === undefined) words += text.charAt(at);
    else if (inside.offset === at) words += code;
  }
  return words.trim();
}

/** In the middle of a word no mark counts, and none goes on in the next line. */
function isMarkable(text: string, entity: Entity): boolean {
  const words = wordsOf(text, entity);
  const start = entity.offset + text.slice(entity.offset).search(/\S/);
  const around = text.charAt(start - 1) + text.charAt(start + words.length);
  return words !== "" && !words.includes("\n") && !/[\p{L}\p{N}_]/u.test(around);
}

function toSigns(text: string): string {
  return text.replace(/\s/gu, "");
}
