import { openArchive, type Archive } from "./unzip.ts";
import { parseXml, type XmlElement } from "./xml.ts";

/** What an office file says, as text; the pictures and the looks of it are left out. Undefined: it is none. */
export async function officeToMarkdown(bytes: Uint8Array, signal: AbortSignal): Promise<string | undefined> {
  const archive = openArchive(bytes);
  if (archive === undefined) return undefined;
  const read = async (name: string): Promise<XmlElement | undefined> => {
    const part = await archive.read(name, signal);
    return part === undefined ? undefined : parseXml(new TextDecoder().decode(part), { hasTextNodes: true });
  };
  const document = await read("word/document.xml");
  if (document !== undefined) return toBlocks(document);
  if (archive.names.includes("xl/workbook.xml")) return await readWorkbook(archive, read);
  const slides = inOrder(archive, /^ppt\/slides\/slide(\d+)\.xml$/);
  if (slides.length > 0) return await readSlides(slides, read);
  // OpenDocument: texts, tables and slides are all one file.
  const content = archive.names.includes("mimetype") ? await read("content.xml") : undefined;
  return content === undefined ? undefined : toBlocks(content);
}

type ReadPart = (name: string) => Promise<XmlElement | undefined>;

/** Of both kinds, by what their elements are called without a prefix. */
const lineNames = new Set(["p", "h"]);

function toBlocks(root: XmlElement): string {
  const blocks: string[] = [];
  walk(root, (element) => {
    if (element.name === "tbl" || element.name === "table") {
      blocks.push(toTable(element));
      return false;
    }
    if (!lineNames.has(element.name)) return true;
    const text = toLine(element);
    if (text !== "")
      blocks.push(`${"#".repeat(toHeading(element))}${toHeading(element) > 0 ? " " : ""}${text}`);
    return false;
  });
  return blocks.join("\n\n");
}

/** How deep a heading it is; 0: none. */
function toHeading(element: XmlElement): number {
  if (element.name === "h") return clampLevel(Number(element.attributes["outline-level"] ?? 1));
  const style = find(element, "pstyle")?.attributes["val"] ?? "";
  const level = /^(?:heading|berschrift|titre|标题)\s*(\d)$/i.exec(style)?.[1];
  if (level !== undefined) return clampLevel(Number(level));
  return /^title$/i.test(style) ? 1 : 0;
}

function clampLevel(level: number): number {
  return Number.isInteger(level) ? Math.min(Math.max(level, 1), 6) : 1;
}

function toTable(table: XmlElement): string {
  const rows: string[] = [];
  walk(table, (element) => {
    if (element.name !== "tr" && element.name !== "table-row") return true;
    const cells = element.children.filter(({ name }) => name === "tc" || name === "table-cell");
    const texts = cells.map((cell) => toLine(cell).replaceAll("\n", " "));
    if (texts.some((text) => text !== "")) rows.push(texts.join("\t").trimEnd());
    return false;
  });
  return rows.join("\n");
}

/** The words of a paragraph or a cell, with its tabs and line ends. */
function toLine(element: XmlElement): string {
  let text = "";
  walk(element, ({ name, text: own, attributes }) => {
    switch (name) {
      case "tab":
        text += "\t";
        break;
      case "br":
      case "line-break":
        text += "\n";
        break;
      case "s":
        text += " ".repeat(Math.min(Number(attributes["c"] ?? 1) || 1, 100));
        break;
      case "#text":
        // Between elements a line end is how the file was written, and no word.
        if (!/^\s*\n\s*$/.test(own)) text += own.replace(/\s+/g, " ");
        break;
    }
    return true;
  });
  return text.trim();
}

async function readWorkbook(archive: Archive, read: ReadPart): Promise<string> {
  const shared = await read("xl/sharedStrings.xml");
  const texts = elementsOf(find(shared, "sst")).map(toLine);
  const workbook = await read("xl/workbook.xml");
  const names = elementsOf(find(workbook, "sheets")).map(({ attributes }) => attributes["name"] ?? "");
  const sheets = inOrder(archive, /^xl\/worksheets\/sheet(\d+)\.xml$/);
  const parts: string[] = [];
  for (const [index, name] of sheets.entries()) {
    const sheet = await read(name);
    const rows = elementsOf(find(sheet, "sheetdata"));
    const lines = rows.map((row) =>
      elementsOf(row)
        .map((cell) => toCell(cell, texts))
        .join("\t")
        .trimEnd(),
    );
    parts.push(`## ${names[index] ?? `Sheet ${index + 1}`}\n\n${lines.filter(Boolean).join("\n")}`);
  }
  return parts.join("\n\n");
}

function toCell(cell: XmlElement, shared: readonly string[]): string {
  const value = find(cell, "v")?.text ?? "";
  const text = cell.attributes["t"] === "s" ? (shared[Number(value)] ?? "") : value || toLine(cell);
  return text.replace(/\s+/g, " ");
}

async function readSlides(names: readonly string[], read: ReadPart): Promise<string> {
  const parts: string[] = [];
  for (const [index, name] of names.entries()) {
    const slide = await read(name);
    parts.push(`## Slide ${index + 1}\n\n${slide === undefined ? "" : toBlocks(slide)}`);
  }
  return parts.join("\n\n");
}

/** By their numbers, not by their names: 2 before 10. */
function inOrder({ names }: Archive, pattern: RegExp): string[] {
  return names
    .flatMap((name) => {
      const number = pattern.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .toSorted((one, other) => one.number - other.number)
    .map(({ name }) => name);
}

function find(root: XmlElement | undefined, name: string): XmlElement | undefined {
  let found: XmlElement | undefined;
  if (root === undefined) return undefined;
  walk(root, (element) => {
    if (element.name === name) found ??= element;
    return found === undefined;
  });
  return found;
}

function elementsOf(element: XmlElement | undefined): readonly XmlElement[] {
  return (element?.children ?? []).filter(({ name }) => name !== "#text");
}

/** In the order of the document, without going deeper than the stack is sure to hold. */
function walk(root: XmlElement, enter: (element: XmlElement) => boolean): void {
  for (const child of root.children) if (enter(child)) walk(child, enter);
}
