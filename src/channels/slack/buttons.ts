import type { OutgoingReply } from "../channel.ts";
import type { Block } from "./rich-block.ts";

/** Slack takes 2,000 characters of a button's value; the number of the option stands behind the name. */
export const longestButton = 1900;
const longestLabel = 75;
const mostInRow = 25;

export function toButtonRows(name: string, options: readonly string[]): readonly Block[] {
  const buttons = options.map((option, index) => ({
    type: "button",
    action_id: `option_${index}`,
    text: { type: "plain_text", text: toLabel(option), emoji: false },
    value: `${name}:${index}`,
  }));
  const rows: Block[] = [];
  for (let from = 0; from < buttons.length; from += mostInRow) {
    rows.push({ type: "actions", elements: buttons.slice(from, from + mostInRow) });
  }
  return rows;
}

/** Options that do not fit on their buttons are told in full above them. */
export function withOptions(reply: OutgoingReply, options: readonly string[]): OutgoingReply {
  if (options.every((option) => toLabel(option) === option)) return reply;
  const told = options.map((option, index) => `${index + 1}. ${option}`).join("\n");
  return { ...reply, text: `${reply.text}\n\n${told}` };
}

/** By what people see as characters: none is cut in two. */
function toLabel(option: string): string {
  const flat = option.trim() === "" ? "…" : option;
  if (flat.length <= longestLabel) return flat;
  let label = "";
  for (const { segment } of new Intl.Segmenter().segment(flat)) {
    if (label.length + segment.length >= longestLabel) break;
    label += segment;
  }
  return `${label}…`;
}
