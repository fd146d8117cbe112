import { cutForSlack } from "../../../src/channels/slack/cut.ts";
import { toMrkdwn } from "../../../src/channels/slack/mrkdwn.ts";
import { toRichBlock } from "../../../src/channels/slack/rich-block.ts";
import type { Formatted } from "../../../src/channels/rich-text/entities.ts";
import { toFormatted } from "../../../src/channels/rich-text/format.ts";
import { splitFormatted } from "../../../src/channels/rich-text/split.ts";
import { findMessageProblem, toSeen } from "./check-message.ts";

/** What is wrong with the messages that Slack would be sent for a text; in pieces of at most `units`, where that is said. */
export function judgeMarkdown(markdown: string, units?: number): string | undefined {
  const whole = toFormatted(markdown);
  const pieces = units === undefined ? cutForSlack(whole) : splitFormatted(whole, { units, entities: 200 });
  let seen = "";
  for (const piece of pieces) {
    const message = { text: toMrkdwn(piece), blocks: [toRichBlock(piece)] };
    const problem = findMessageProblem(message);
    if (problem !== undefined) return `${problem}: ${message.text.slice(0, 80)}`;
    const shown = toSeen(message);
    if (toSigns(shown) !== toSigns(piece.text)) return "the blocks say something else";
    const marked = toWords(plain(message.text)).join("");
    const lost = toWords(piece.text).find((word) => !marked.includes(word));
    if (lost !== undefined) return `the word ${lost} is not in the marks`;
    const style = findLostStyle(piece, message.blocks);
    if (style !== undefined) return style;
    seen += shown;
  }
  return toSigns(seen) === toSigns(whole.text) ? undefined : "something was lost where it was cut";
}

/** Each link leads where it led, and what was bold is. */
function findLostStyle({ entities }: Formatted, blocks: unknown): string | undefined {
  const written = JSON.stringify(blocks);
  for (const { type, url } of entities) {
    if (type === "text_link" && !written.includes(JSON.stringify(url))) return `the link ${url} was lost`;
    if (type === "bold" && !written.includes('"bold":true')) return "bold was lost";
    if (type === "pre" && !written.includes("rich_text_preformatted")) return "a block of code was lost";
  }
  return undefined;
}

function plain(marked: string): string {
  const words = marked.replace(/<[^<>|]+\|([^<>]*)>/g, "$1");
  return words.replace(/&(amp|lt|gt);/g, (_, name) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}

function toSigns(text: string): string {
  return text.replace(/\s/gu, "");
}

function toWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}
