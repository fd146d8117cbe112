/** One stretch of a row in one look. */
interface Run {
  readonly column: number;
  readonly text: string;
  readonly look: Look;
}

interface Look {
  readonly color?: string;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
}

const cell = { width: 8.4, height: 19 };
const margin = { left: 18, top: 44 };
const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** A captured terminal screen as a picture with real text in it, on a dark ground as most terminals have. */
export function toSvg(
  screen: string,
  { columns, title }: { readonly columns: number; readonly title: string },
): string {
  const rows = screen.trimEnd().split("\n");
  const width = Math.ceil(columns * cell.width + margin.left * 2);
  const height = rows.length * cell.height + margin.top + 18;
  let look: Look = {};
  const texts = rows.flatMap((row, index) => {
    const drawn = toRuns(row, look);
    ({ look } = drawn);
    return drawn.runs.map((run) => toText(run, margin.top + (index + 0.75) * cell.height));
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escape(title)}</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #d0d7de; white-space: pre; }
.bold { font-weight: 700; } .dim { opacity: .6; } .italic { font-style: italic; } .underlined { text-decoration: underline; }
.black { fill: #6e7681; } .red { fill: #ff7b72; } .green { fill: #7ee787; } .yellow { fill: #e3b341; }
.blue { fill: #79c0ff; } .magenta { fill: #d2a8ff; } .cyan { fill: #76e3ea; } .white { fill: #f0f6fc; }
</style>
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
<circle cx="22" cy="20" r="6" fill="#ff5f57"/><circle cx="42" cy="20" r="6" fill="#febc2e"/><circle cx="62" cy="20" r="6" fill="#28c840"/>
${texts.join("\n")}
</svg>
`;
}

function toText({ column, text, look }: Run, y: number): string {
  const classes = [
    look.color,
    look.isBold === true ? "bold" : undefined,
    look.isDim === true ? "dim" : undefined,
    look.isItalic === true ? "italic" : undefined,
    look.isUnderlined === true ? "underlined" : undefined,
  ].filter((name) => name !== undefined);
  const kind = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  const x = (margin.left + column * cell.width).toFixed(1);
  return `<text x="${x}" y="${y.toFixed(1)}"${kind} textLength="${(Bun.stringWidth(text) * cell.width).toFixed(1)}" xml:space="preserve">${escape(text)}</text>`;
}

/** The stretches of a row that begins in the look in which the one above it ended. */
function toRuns(row: string, before: Look): { readonly runs: readonly Run[]; readonly look: Look } {
  const runs: Run[] = [];
  let look = before;
  let column = 0;
  // SGR sequences change the look; links and all else have none here.
  for (const [, codes, sequence, text] of row.matchAll(
    /\u001b\[([\d;:]*)m|(\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\[[\d;?]*[A-Za-z]|[()]\w))|([^\u001b]+)/g,
  )) {
    if (codes !== undefined) look = change(look, codes.split(/[;:]/).map(Number));
    if (sequence !== undefined || text === undefined) continue;
    const blank = text.length - text.trimStart().length;
    if (text.trim() !== "") runs.push({ column: column + blank, text: text.trim(), look });
    column += Bun.stringWidth(text);
  }
  return { runs, look };
}

function change(before: Look, codes: readonly number[]): Look {
  let look = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    look = changeOne(look, code);
  }
  return look;
}

function changeOne(look: Look, code: number): Look {
  const { color: _, ...uncolored } = look;
  switch (code) {
    case 0:
      return {};
    case 1:
      return { ...look, isBold: true };
    case 2:
      return { ...look, isDim: true };
    case 3:
      return { ...look, isItalic: true };
    case 4:
      return { ...look, isUnderlined: true };
    case 22:
      return { ...look, isBold: false, isDim: false };
    case 23:
      return { ...look, isItalic: false };
    case 24:
      return { ...look, isUnderlined: false };
    case 39:
      return uncolored;
    default: {
      const base = code >= 90 ? 90 : 30;
      const color = names[code - base];
      return color === undefined ? look : { ...look, color };
    }
  }
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
