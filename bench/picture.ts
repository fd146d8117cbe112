import { findMost, isWithinBudget, type BenchReport, type BenchRow } from "./row.ts";

const width = 792;
const labelWidth = 232;
const barWidth = 360;
const rowHeight = 34;
const top = 34;

/**
 * The report as a picture for the README, light and dark: a bar for each budget, as long as the share of it that is used. The mark
 * in the bar is the floor of the same run; what is over its budget runs past the line.
 */
export function drawBench({ rows, bun, processor }: BenchReport): string {
  const drawn = rows.filter((row) => findMost(row) !== undefined);
  const height = top + drawn.length * rowHeight + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>What was measured, against its budget</title>
<style>
text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #24292f; }
.quiet { fill: #6e7781; font-size: 12px; }
.track { fill: #eaeef2; } .held { fill: #2da44e; } .missed { fill: #d4a72c; } .floor { fill: #57606a; } .line { stroke: #57606a; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; } .quiet { fill: #8d96a0; }
.track { fill: #21262d; } .held { fill: #3fb950; } .missed { fill: #d29922; } .floor { fill: #8d96a0; } .line { stroke: #8d96a0; }
}
</style>
<text x="${labelWidth}" y="20" class="quiet">share of the budget; the mark is the floor, measured in the same run</text>
${drawn.map((row, index) => drawRow(row, top + index * rowHeight)).join("\n")}
<text x="10" y="${height - 10}" class="quiet">${escape(`${processor} · Bun ${bun} · medians`)}</text>
</svg>
`;
}

function drawRow(row: BenchRow, y: number): string {
  const most = findMost(row) ?? Number.NaN;
  const isKnown = Number.isFinite(row.figures.p50 / most);
  // The line of the budget stands at two thirds, so that what is over it can be seen.
  const scale = (value: number): number =>
    Math.min(barWidth, Math.max(0, (value / most) * (barWidth * 2)) / 3);
  const [length, line] = [isKnown ? scale(row.figures.p50) : 0, (barWidth * 2) / 3];
  const floor = row.floor === undefined ? undefined : scale(row.floor.figures.p50);
  const ratio =
    row.floor === undefined ? "" : ` · ${(row.figures.p50 / row.floor.figures.p50).toFixed(1)} × floor`;
  const said = isKnown ? `${format(row.figures.p50)} ${row.unit}${ratio}` : "not measured";
  return [
    `<text x="10" y="${y + 16}">${escape(row.name)}</text>`,
    `<rect class="track" x="${labelWidth}" y="${y + 4}" width="${barWidth}" height="16" rx="3"/>`,
    `<rect class="${isWithinBudget(row) ? "held" : "missed"}" x="${labelWidth}" y="${y + 4}" width="${length.toFixed(1)}" height="16" rx="3"/>`,
    ...(floor === undefined || !Number.isFinite(floor)
      ? []
      : [`<rect class="floor" x="${(labelWidth + floor).toFixed(1)}" y="${y + 1}" width="2" height="22"/>`]),
    `<line class="line" stroke-dasharray="3 2" x1="${labelWidth + line}" x2="${labelWidth + line}" y1="${y}" y2="${y + 24}"/>`,
    `<text x="${labelWidth + barWidth + 12}" y="${y + 16}">${escape(said)}</text>`,
  ].join("\n");
}

function format(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
