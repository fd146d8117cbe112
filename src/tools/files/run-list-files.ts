import { AppError } from "../../errors.ts";
import { runInside } from "../inside.ts";
import { toInsidePath } from "../inside-path.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import { quoteName } from "./quote-name.ts";
import { splitHeader } from "./regular-file.ts";

const mostBytes = 1_000_000;
const mostCharacters = 8500;

/** `$1` folder, `$2` depth. Prints records of four fields that end in NUL: type, size, where a link points, path. */
const script = `
[ -e "$1" ] || { echo absent; exit 0; }
[ -d "$1" ] || { echo file; exit 0; }
cd "$1" 2>/dev/null || { echo closed; exit 0; }
echo folder
if find . -maxdepth 0 -printf '' 2>/dev/null; then
  find . -mindepth 1 -maxdepth "$2" \\( -name .git -o -name node_modules \\) -prune \\
    -printf 'd\\0\\0\\0%P\\0' -o -printf '%y\\0%s\\0%l\\0%P\\0'
else
  find . -mindepth 1 -maxdepth "$2" \\( -name .git -o -name node_modules \\) -prune -exec printf 'd\\0\\0\\0%s\\0' {} + \\
    -o -type d -exec printf 'd\\0\\0\\0%s\\0' {} + -o -type l -exec printf 'l\\0\\0\\0%s\\0' {} + \\
    -o -exec printf 'f\\0\\0\\0%s\\0' {} +
fi 2>/dev/null | head -c ${mostBytes}
`;

export async function listFiles(
  { path, depth }: { readonly path: string; readonly depth: number },
  context: ToolContext,
): Promise<ToolResult> {
  const { paths } = await context.sandbox();
  const parameters = [toInsidePath(path, paths), String(depth)];
  const output = await runInside(script, parameters, { limit: mostBytes + 100 }, context);
  const { header, body } = splitHeader(output);
  refuseNoFolder(header[0], toVisibleLine(path, 200));
  const entries = parseEntries(body);
  if (entries.length === 0) return { content: "The folder is empty.", details: { entries: 0 } };
  return { content: toListing(entries, body.length >= mostBytes), details: { entries: entries.length } };
}

function refuseNoFolder(word: string | undefined, name: string): void {
  if (word === "absent") throw new AppError("not-found", `There is no folder ${name}.`);
  if (word === "file") throw new AppError("usage", `${name} is not a folder.`, { hint: "Use read_file." });
  if (word === "closed") throw new AppError("io", `${name} cannot be opened: permission was refused.`);
}

interface Entry {
  readonly type: string;
  readonly size: string;
  readonly target: string;
  readonly path: string;
}

/** The last record may be cut: one that lacks a field is left out. */
function parseEntries(body: Uint8Array): readonly Entry[] {
  const fields: Uint8Array[] = [];
  for (let from = 0, end = body.indexOf(0); end !== -1; from = end + 1, end = body.indexOf(0, from)) {
    fields.push(body.subarray(from, end));
  }
  const entries: Entry[] = [];
  for (let index = 0; index + 3 < fields.length; index += 4) {
    const [type = "", size = "", target = "", path = ""] = fields.slice(index, index + 4).map(toField);
    entries.push({ type, size, target, path });
  }
  return entries.sort((left, right) => compare(toSortKey(left.path), toSortKey(right.path)));
}

/** Without the `./` that a `find` without `-printf` puts before each path. */
function toField(bytes: Uint8Array): string {
  return quoteName(bytes[0] === 0x2e && bytes[1] === 0x2f ? bytes.subarray(2) : bytes);
}

/** What a folder holds follows it directly. */
function toSortKey(path: string): string {
  return path.replaceAll("/", "\0");
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function toListing(entries: readonly Entry[], isCut: boolean): string {
  const lines: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const line = toLine(entry);
    length += line.length + 1;
    if (length > mostCharacters) break;
    lines.push(line);
  }
  const left = entries.length - lines.length;
  if (left === 0 && !isCut) return lines.join("\n");
  const count = isCut ? `more than ${left}` : String(left);
  return `${lines.join("\n")}\n[${count} further entries are not shown: list a folder inside, or a smaller depth]`;
}

function toLine({ type, size, target, path }: Entry): string {
  switch (type) {
    case "d":
      return `${path}/`;
    case "l":
      return target === "" ? `${path} (link)` : `${path} -> ${target}`;
    case "f":
      return size === "" ? path : `${path} ${toSize(Number(size))}`;
    case "p":
      return `${path} (pipe)`;
    case "s":
      return `${path} (socket)`;
    default:
      return `${path} (device)`;
  }
}

function toSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  let unit = units.shift();
  while (value >= 1000 && units.length > 0) {
    value /= 1000;
    unit = units.shift();
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit ?? ""}`;
}
