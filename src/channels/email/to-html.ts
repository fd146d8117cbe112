import { isMisleading, toSafeAddress } from "../markdown/address.ts";
import { parseBlocks, type Block } from "../markdown/blocks.ts";
import { toRuns, type InlineRun } from "../markdown/inline-runs.ts";
import { parseInline } from "../markdown/inline.ts";

const cell = "border:1px solid #ccc;padding:4px 8px";
const code = "font-family:monospace;background:#f4f4f4";

/** Markdown as a mail program shows it. Nothing in it is fetched by whoever reads it: no picture, no style of elsewhere. */
export function toHtml(markdown: string): string {
  const clean = markdown.toWellFormed().replace(/[\0-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, "");
  return wrap(toBlocks(parseBlocks(clean)));
}

/** Letter by letter: no mark in it means anything. */
export function toLiteralHtml(text: string): string {
  return wrap(`<div style="white-space:pre-wrap">${escape(text.toWellFormed())}</div>`);
}

function wrap(body: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${body}</body></html>\n`;
}

function toBlocks(blocks: readonly Block[]): string {
  return blocks.map(toBlock).join("\n");
}

function toBlock(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return `<p>${toWords(block.words)}</p>`;
    case "heading":
      return `<h${Math.min(block.level, 6)}>${toWords(block.words)}</h${Math.min(block.level, 6)}>`;
    case "code":
      // The first end of a line in it is none of its own.
      return `<pre style="${code};padding:8px;white-space:pre-wrap">\n${escape(block.text)}</pre>`;
    case "rule":
      return "<hr>";
    case "quote":
      return `<blockquote style="border-left:3px solid #ccc;margin-left:0;padding-left:12px">${toBlocks(block.blocks)}</blockquote>`;
    case "item":
      // The number that was written stays: a list of the reader's program would count anew.
      return `<div style="margin-left:24px;text-indent:-16px">${escape(block.marker)}<div style="display:inline-block;text-indent:0;vertical-align:top">${toBlocks(block.blocks).replace(/^<p>(.*?)<\/p>/s, "$1")}</div></div>`;
    case "table":
      return toTable(block);
    default:
      return block satisfies never;
  }
}

function toTable({ header, alignments, rows }: Extract<Block, { type: "table" }>): string {
  const toRow = (cells: readonly string[], name: "th" | "td"): string =>
    `<tr>${header
      .map((_, column) => {
        const align = alignments[column] ?? "left";
        return `<${name} style="${cell};text-align:${align}">${toWords(cells[column] ?? "")}</${name}>`;
      })
      .join("")}</tr>`;
  return `<table style="border-collapse:collapse">${toRow(header, "th")}${rows.map((row) => toRow(row, "td")).join("")}</table>`;
}

function toWords(words: string): string {
  return toRuns(parseInline(words).nodes).map(toRun).join("");
}

function toRun({ text, isBold, isItalic, isStrike, isCode, link, linked }: InlineRun): string {
  let shown = escape(text).replaceAll("\n", "<br>\n");
  if (shown !== "") {
    if (isCode) shown = `<code style="${code}">${shown}</code>`;
    if (isStrike) shown = `<s>${shown}</s>`;
    if (isItalic) shown = `<em>${shown}</em>`;
    if (isBold) shown = `<strong>${shown}</strong>`;
    const address = link === undefined ? undefined : toSafeAddress(link);
    if (address !== undefined) shown = `<a href="${escape(address)}" rel="noreferrer">${shown}</a>`;
  }
  // Words that name one place and lead to another say where they lead.
  return linked !== undefined && isMisleading(linked.words, linked.address)
    ? `${shown} (${escape(linked.address.replace(/^mailto:/, ""))})`
    : shown;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
