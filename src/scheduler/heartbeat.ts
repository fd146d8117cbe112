import { parseQuietHours } from "../config/quiet-hours.ts";

/** Whether the clock on the wall stands in the quiet hours, which may go over midnight. */
export function isQuiet(text: string, wall: number): boolean {
  const hours = parseQuietHours(text);
  if (hours === undefined) return false;
  const { from, to } = hours;
  const minute = Math.floor(wall / 60_000) % 1440;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** What there is to do in a `HEARTBEAT.md`; empty for one of headings, comments and empty boxes, and for what is completed. */
export function findHeartbeatWork(text: string): string {
  let isCompleted = false;
  const lines = text
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, "")
    .split("\n")
    .filter((line) => {
      const heading = /^\s*#+\s*(.*)$/.exec(line);
      if (heading !== null) isCompleted = /^(completed|done)\b/i.test(heading[1] ?? "");
      return !isCompleted;
    });
  const hasWork = lines.some((line) => !/^\s*(#.*|[-*]\s*(\[[ xX]?\]\s*)?)?$/.test(line));
  return hasWork ? lines.join("\n").trim() : "";
}
