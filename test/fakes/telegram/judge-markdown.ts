import { longestText } from "../../../src/channels/telegram/cut.ts";
import { toFormatted } from "../../../src/channels/rich-text/format.ts";
import { splitFormatted } from "../../../src/channels/rich-text/split.ts";
import { findTextProblem } from "./check-text.ts";

/** What is wrong with the messages that Telegram would be sent for a text, in pieces of at most `units`. */
export function judgeMarkdown(markdown: string, units = longestText): string | undefined {
  const whole = toFormatted(markdown);
  const pieces = splitFormatted(whole, { units, entities: 100 });
  for (const { text, entities } of pieces) {
    const problem = findTextProblem(text, entities, units);
    if (problem !== undefined) return problem;
  }
  const seen = pieces.map(({ text }) => text).join("");
  if (toSigns(seen) !== toSigns(whole.text)) return "something was lost where it was cut";
  // Words that only a mark parted stand together.
  const words = toWords(whole.text).join("");
  const lost = toWords(withoutAddresses(markdown)).find((word) => !words.includes(word));
  if (lost !== undefined) return `the word ${lost} was lost`;
  const addresses = new Set(whole.entities.flatMap(({ url }) => (url === undefined ? [] : [url])));
  const linked = [...withoutFences(markdown).matchAll(/(?<!!)\[text\]\((https:[^)\s]+)\)/g)].map(
    ([, address = ""]) => address,
  );
  const lostLink = linked.find((address) => !addresses.has(address) && !whole.text.includes(address));
  return lostLink === undefined ? undefined : `the link ${lostLink} was lost`;
}

function toSigns(text: string): string {
  return text.replace(/\s/gu, "");
}

function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** What Markdown does not show: where links lead, what code is written in, names of characters, numbers of lists. */
function withoutAddresses(markdown: string): string {
  return withoutFences(markdown)
    .replace(/\]\([^)\n]*\)/g, "] ")
    .replace(/<br>|&\w+;/g, " ")
    .replace(/^[-+*> \t]*\d+[.)] /gm, " ");
}

/** A fence's line says what the code is written in, and is not shown. */
function withoutFences(markdown: string): string {
  return markdown.replace(/^[-+*\d.)> \t[\]x]*(?:```|~~~).*$/gm, " ");
}
