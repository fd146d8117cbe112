import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { Phrases } from "../words/english/phrases.ts";
import type { SessionSummary } from "../store/session-list.ts";

/** More than these nobody looks through; the rest can be named. */
const mostRows = 30;

/** One conversation a line: number or name, when it was last used, how long it is, how it began. */
export function formatSessions(
  sessions: readonly SessionSummary[],
  { prompt }: Phrases,
  { current, columns }: { readonly current?: string; readonly columns: number },
): string {
  if (sessions.length === 0) return `  ${prompt.noSessions}\n`;
  const shown = sessions.slice(0, mostRows);
  const labels = shown.map(({ name, id }) => (name === undefined ? `#${id}` : sanitizeLine(name)));
  const width = Math.max(...labels.map((label) => Bun.stringWidth(label)));
  const rows = shown.map(({ name, id, lastAt, entries, firstWords }, index) => {
    const label = labels[index] ?? "";
    const mark = current === (name ?? String(id)) ? "→" : " ";
    const padding = " ".repeat(width - Bun.stringWidth(label));
    const facts = `${toLocalTime(lastAt, "minute")}  ${String(entries).padStart(5)}`;
    const head = `${mark} ${label}${padding}  ${facts}  `;
    return `${head}${clip(sanitizeLine(firstWords ?? ""), columns - Bun.stringWidth(head) - 1)}\n`;
  });
  const more = sessions.length - shown.length;
  return rows.join("") + (more === 0 ? "" : `  ${prompt.more({ count: more })}\n`);
}

function clip(text: string, columns: number): string {
  if (Bun.stringWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += Bun.stringWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return columns < 2 ? "" : `${kept}…`;
}
