import { sanitizeLine } from "../sanitize.ts";
import { formatDuration } from "./duration.ts";
import { clipText } from "./width.ts";

/** What the model thought, on one line: how long, and how it began. */
export function formatThought(text: string, durationMs: number, columns: number): string {
  const beginning = sanitizeLine(text).replace(/^[*#\s]+|\*\*/g, "");
  const duration = `Thought for ${formatDuration(durationMs)}`;
  return `  ${clipText(beginning === "" ? duration : `${duration}: ${beginning}`, columns - 3)}`;
}
