import type { Formatted } from "../rich-text/entities.ts";
import { toSections, type Run } from "./runs.ts";

/** A text in Slack's own marks: what a notification shows, and where blocks are not. */
export function toMrkdwn(formatted: Formatted): string {
  return toSections(formatted)
    .map(({ kind, runs }) => {
      if (kind === "code")
        return `\`\`\`${withoutFence(escape(runs.map(({ text }) => text).join("")))}\`\`\``;
      const words = runs.map(toMarked).join("");
      return kind === "quote"
        ? words
            .split("\n")
            .map((line) => `> ${line}`)
            .join("\n")
        : words;
    })
    .join("\n");
}

/** The three signs that mean something to Slack: without them nobody is called and nothing is a link. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A mark counts only where it touches a word on the inside: space goes out of it. A line's end ends it. */
function toMarked(run: Run): string {
  return run.text
    .split("\n")
    .map((line) => {
      const [, before = "", words = "", after = ""] = /^(\s*)(.*?)(\s*)$/su.exec(line) ?? [];
      if (words === "") return line;
      return before + toMarkedWords(words, run) + after;
    })
    .join("\n");
}

function toMarkedWords(words: string, { isBold, isItalic, isStrike, isCode, link }: Run): string {
  let marked = escape(words);
  if (link !== undefined) marked = `<${escape(link).replaceAll("|", "%7C")}|${marked.replaceAll("|", "¦")}>`;
  if (isCode) marked = `\`${marked.replaceAll("`", "ˋ")}\``;
  if (isStrike) marked = `~${marked}~`;
  if (isItalic) marked = `_${marked}_`;
  return isBold ? `*${marked}*` : marked;
}

function withoutFence(text: string): string {
  return text.replaceAll("```", "`\u200B``");
}
