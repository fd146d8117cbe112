import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { ToolSummary } from "../turns/conversation.ts";
import type { FactRow } from "../slash/fact-rows.ts";

/** One a line, the values below each other. */
export function formatRows(rows: readonly FactRow[]): string {
  const shown = rows.map(([label, value]) => [sanitizeLine(label), sanitizeLine(value)] as const);
  const width = Math.max(...shown.map(([label]) => Bun.stringWidth(label)));
  return shown.map(([label, value]) => `  ${padTo(label, width)}  ${value}\n`).join("");
}

export function formatTools(tools: readonly ToolSummary[], columns: number): string {
  const width = Math.max(...tools.map(({ name }) => name.length));
  const rows = tools.map(({ name, description }) => {
    const [first = ""] = sanitizeLine(description).split(/(?<=[.;])\s/);
    const text = `  ${sanitizeLine(name).padEnd(width)}  ${first.replace(/[.;]$/, "")}`;
    return `${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}\n`;
  });
  return rows.join("");
}

function padTo(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - Bun.stringWidth(text)));
}
