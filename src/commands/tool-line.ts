import type { AgentEvent } from "../agent/events.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";

/** A tool call on one quiet line: `  $ npm test · 12.4 s · exit 1`. */
export function formatToolLine(event: Extract<AgentEvent, { type: "tool-end" }>, columns: number): string {
  const facts = [formatDuration(event.durationMs), ...toOutcome(event)].map((fact) => ` · ${fact}`).join("");
  return `  ${clipLine(sanitizeLine(event.title), columns - 3 - facts.length)}${facts}`;
}

export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** At most `columns` wide, with an ellipsis where something is missing. */
export function clipLine(text: string, columns: number): string {
  const width = Math.max(columns, 10);
  if (Bun.stringWidth(text) <= width) return text;
  let clipped = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += Bun.stringWidth(segment);
    if (used > width - 1) break;
    clipped += segment;
  }
  return `${clipped}…`;
}

function toOutcome(event: Extract<AgentEvent, { type: "tool-end" }>): string[] {
  const { exitCode } = event.details;
  if (typeof exitCode === "number" && exitCode !== 0) return [`exit ${exitCode}`];
  return event.message.isError ? ["failed"] : [];
}
