import type { AgentEvent } from "../agent/events.ts";
import { formatDuration } from "../channels/terminal/render/duration.ts";
import { formatExcerpt } from "../channels/terminal/render/excerpt.ts";
import { clipText } from "../channels/terminal/render/width.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";

type ToolEnd = Extract<AgentEvent, { type: "tool-end" }>;

/** A tool call on one quiet line: `  $ npm test · 12.4 s · exit 1`. */
export function formatToolLine(event: ToolEnd, columns: number): string {
  const facts = [formatDuration(event.durationMs), ...toOutcome(event)].map((fact) => ` · ${fact}`).join("");
  return `  ${clipText(sanitizeLine(event.title), Math.max(10, columns - 3 - facts.length))}${facts}`;
}

/** Of a failed call what it said, folded; `number` is what unfolds it. */
export function formatFailure(
  event: ToolEnd,
  columns: number,
  number: number | undefined,
): readonly string[] {
  // Of what waits for a yes the person is asked.
  if (!event.message.isError || isWaiting(event)) return [];
  const how = number === undefined ? "" : ` (/show ${number})`;
  return formatExcerpt(event.message.content, columns, (hidden) => `… ${hidden} more lines${how}`);
}

function toOutcome(event: ToolEnd): string[] {
  const { exitCode } = event.details;
  if (typeof exitCode === "number" && exitCode !== 0) return [`exit ${exitCode}`];
  if (isWaiting(event)) return [`waits for #${event.details["waitsFor"]}`];
  return event.message.isError ? ["failed"] : [];
}

function isWaiting({ details }: ToolEnd): boolean {
  return typeof details["waitsFor"] === "number";
}
