import { AppError } from "../../errors.ts";
import { runInside } from "../inside.ts";
import { toInsidePath } from "../inside-path.ts";
import type { ToolContext, ToolResult } from "../tool.ts";
import { cutWhole, toVisibleLine } from "../visible.ts";
import { parseGlob } from "./glob.ts";
import { quoteName } from "./quote-name.ts";
import { splitHeader } from "./regular-file.ts";

const mostBytes = 400_000;
const mostMatches = 1000;
const mostCharacters = 8500;
const longestLine = 300;

/**
 * `$1` folder or file, `$2` pattern, then `--include=…` for grep. Perl's expressions where grep has them: they are
 * what models write, and `\d` in an extended one would silently match a "d". The pattern is tried on nothing first,
 * so that a wrong one fails with grep's own words. The first line says what the place is.
 */
const script = `
[ -e "$1" ] || { echo absent; exit 0; }
[ -d "$1" ] || [ -f "$1" ] || { echo special; exit 0; }
place=$1 pattern=$2
shift 2
syntax=-E
echo a | grep -q -P a 2>/dev/null && syntax=-P
grep -q "$syntax" -e "$pattern" </dev/null
[ $? -le 1 ] || exit 2
if [ -d "$place" ]; then
  cd "$place" || exit 1
  echo folder
  grep -rnIHs --null "$syntax" --exclude-dir=.git --exclude-dir=node_modules "$@" -e "$pattern" .
else
  echo file
  grep -nIHs --null "$syntax" -e "$pattern" "$place"
fi | cut -b 1-5000 | head -n ${mostMatches + 1} | head -c ${mostBytes}
`;

interface Search {
  readonly pattern: string;
  readonly path: string;
  /** Empty: every file. */
  readonly glob: string;
}

export async function searchFiles(
  { pattern, path, glob }: Search,
  context: ToolContext,
): Promise<ToolResult> {
  const { folder, names } = parseGlob(glob);
  if (`${pattern}${glob}`.includes("\0")) throw new AppError("usage", "There is a NUL character in it.");
  const { paths } = await context.sandbox();
  const place = toInsidePath(folder === "" ? path : `${path}/${folder}`, paths);
  const parameters = [place, pattern, ...names.map((name) => `--include=${name}`)];
  const env = { LC_ALL: "C.UTF-8" };
  const output = await runInside(script, parameters, { limit: mostBytes + 100, env }, context);
  const { header, body } = splitHeader(output);
  refuseNoPlace(header[0], toVisibleLine(folder === "" ? path : folder, 200));
  const matches = parseMatches(body, (name) =>
    header[0] === "file" ? Buffer.from(path) : toShownPath(name, path, folder),
  ).sort(compareMatches);
  if (matches.length === 0) return { content: "No matches.", details: { matches: 0 } };
  const isCut = matches.length >= mostMatches || output.length >= mostBytes;
  return { content: toReport(matches, isCut), details: { matches: matches.length } };
}

interface Match {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

function refuseNoPlace(word: string | undefined, name: string): void {
  if (word === "absent") throw new AppError("not-found", `There is no file or folder ${name}.`);
  if (word === "special") throw new AppError("usage", `${name} is a pipe, socket or device, not a file.`);
}

/** Records are `name NUL line:text newline`; a name may hold newlines itself. The last one may be cut. */
function parseMatches(body: Uint8Array, toShown: (name: Uint8Array) => Uint8Array): Match[] {
  const decoder = new TextDecoder();
  const matches: Match[] = [];
  for (let from = 0; from < body.length;) {
    const nameEnd = body.indexOf(0, from);
    if (nameEnd === -1) break;
    const newline = body.indexOf(0x0a, nameEnd);
    const end = newline === -1 ? body.length : newline;
    const [, line = "0", text = ""] =
      /^(\d+):(.*)$/s.exec(decoder.decode(body.subarray(nameEnd + 1, end))) ?? [];
    matches.push({ path: quoteName(toShown(body.subarray(from, nameEnd))), line: Number(line), text });
    from = end + 1;
  }
  return matches;
}

/** As `read_file` takes it: grep was run in the folder and its names begin with `./`. */
function toShownPath(name: Uint8Array, path: string, folder: string): Uint8Array {
  const place = path === "." || path === "./" ? folder : `${path.replace(/\/*$/, "")}/${folder}`;
  return Buffer.concat([Buffer.from(place), name.subarray(2)]);
}

function compareMatches(left: Match, right: Match): number {
  if (left.path === right.path) return left.line - right.line;
  return left.path < right.path ? -1 : 1;
}

function toReport(matches: readonly Match[], isCut: boolean): string {
  const lines: string[] = [];
  let length = 0;
  for (const { path, line, text } of matches) {
    const shown = text.length > longestLine ? `${cutWhole(text, longestLine)}…` : text;
    const entry = `${path}:${line}: ${shown.trim()}`;
    length += entry.length + 1;
    if (length > mostCharacters) break;
    lines.push(entry);
  }
  const left = matches.length - lines.length;
  if (left === 0 && !isCut) return lines.join("\n");
  const count = isCut ? `more than ${left}` : String(left);
  return `${lines.join("\n")}\n[${count} further matches are not shown: narrow the pattern, path or glob]`;
}
