import type { Formatted } from "../rich-text/entities.ts";
import { toSections, type Run, type Section } from "./runs.ts";

export type Block = Readonly<Record<string, unknown>>;

const elementTypes = {
  words: "rich_text_section",
  code: "rich_text_preformatted",
  quote: "rich_text_quote",
} as const satisfies Record<Section["kind"], string>;

/**
 * A text as Slack's own program writes one: each style is said, so that no sign in the words can be taken for a mark, for a
 * mention, or for a link.
 */
export function toRichBlock(formatted: Formatted): Block {
  const elements = toSections(formatted).map(({ kind, runs }) => ({
    type: elementTypes[kind],
    elements: runs.map((run) => (kind === "code" ? { type: "text", text: run.text } : toElement(run))),
  }));
  return { type: "rich_text", elements };
}

function toElement({ text, isBold, isItalic, isStrike, isCode, link }: Run): Block {
  const style = {
    ...(isBold ? { bold: true } : {}),
    ...(isItalic ? { italic: true } : {}),
    ...(isStrike ? { strike: true } : {}),
    ...(isCode ? { code: true } : {}),
  };
  return {
    ...(link === undefined ? { type: "text", text } : { type: "link", url: link, text }),
    ...(Object.keys(style).length === 0 ? {} : { style }),
  };
}
