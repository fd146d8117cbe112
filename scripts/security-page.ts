import { join } from "node:path";
import { cases } from "../test/redteam/cases/all.ts";
import { catalogue, families, toEntryId } from "../test/redteam/cases/catalogue.ts";

const page = "docs/security.md";
const [start, end] = ["<!-- cases -->", "<!-- /cases -->"];

/** The page with its part about cases as they are in `test/redteam/cases/`. */
export function writeSecurityPage(text: string): string {
  const [before, after] = [text.indexOf(start), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${page} has lost ${start} or ${end}`);
  return `${text.slice(0, before)}${start}\n\n${toChapters()}\n\n${text.slice(after)}`;
}

/** Nothing when the page says what the cases say. */
export async function checkSecurityPage(root: string): Promise<readonly string[]> {
  const text = await Bun.file(join(root, page)).text();
  return writeSecurityPage(text) === text
    ? []
    : [`${page}: not what the cases say; npm run fix writes it anew`];
}

function toChapters(): string {
  const chapters = Object.entries(families).map(([family, title]) => {
    const tried = cases.filter(({ id }) => id.startsWith(family));
    const rows = tried.map(({ id, attack, seen, switchOff }) => [id, attack, seen, switchOff.without]);
    return `### ${title}\n\n${toTable(["case", "the attacker …", "what must be seen", "succeeds without"], rows)}`;
  });
  const notYet = Object.entries(catalogue).flatMap(([id, entry]) =>
    entry.notYet === undefined ? [] : [[id, entry.title, entry.notYet]],
  );
  const tried = new Set(cases.map(({ id }) => toEntryId(id))).size;
  return [
    ...chapters,
    `### Not tried yet\n\n${tried} of ${Object.keys(catalogue).length} attacks of the catalogue are tried. These ${notYet.length} are not, and count as nothing:\n\n${toTable(["case", "attack", "why"], notYet)}`,
  ].join("\n\n");
}

/** Columns as wide as their widest cell, as the formatter has them. */
function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) => toLine(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [lines[0], toLine(widths.map((width) => "-".repeat(width))), ...lines.slice(1)].join("\n");
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

if (import.meta.main) {
  const path = join(import.meta.dir, "..", page);
  await Bun.write(path, writeSecurityPage(await Bun.file(path).text()));
}
