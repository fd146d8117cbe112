import { findAll } from "./find-all.ts";
import { findContent } from "./find-content.ts";
import { isShown } from "./is-shown.ts";
import { parseHtml, type HtmlElement } from "./html-tree.ts";

export interface MarkdownPage {
  readonly title: string | undefined;
  /** As the page says: when it was written or changed. */
  readonly date: string | undefined;
  readonly markdown: string;
  /** Where its links lead, each once, in their order; only HTTP. */
  readonly links: readonly string[];
}

/** What a person would read of a page: its own text as Markdown, without menus, forms and what is not shown. */
export function htmlToMarkdown(html: string, base: string): MarkdownPage {
  const root = parseHtml(html);
  const writer = new MarkdownWriter(toBase(root, base));
  const markdown = tidy(writer.write(findContent(root))).replaceAll(keptLine, "\n");
  return {
    title: findMeta(root, ["og:title"]) ?? findText(root, "title") ?? findText(root, "h1"),
    date: findDate(root),
    markdown,
    links: [...writer.links],
  };
}

const blocks: ReadonlySet<string> = new Set(
  "address article blockquote dd div dl dt fieldset figcaption figure header hgroup main p section summary details body html".split(
    " ",
  ),
);

/** What is quoted or listed deeper stands where it would stand here: each level is written before each line below it. */
const mostContainers = 12;

class MarkdownWriter {
  readonly links = new Set<string>();
  readonly #base: string;
  #containers = 0;

  constructor(base: string) {
    this.#base = base;
  }

  /** Blocks are set apart by empty lines; too many of them are taken out at the end. */
  write(node: HtmlElement | string): string {
    if (typeof node === "string") return escapeMarkdown(node.replace(/[\s\u{E000}]+/gu, " "));
    if (!isShown(node)) return "";
    const { name } = node;
    switch (name) {
      case "br":
        return "\n";
      case "hr":
        return "\n\n---\n\n";
      case "h1":
      case "h2":
      case "h3":
      case "h4":
      case "h5":
      case "h6": {
        const words = oneLine(this.#inside(node));
        return words === "" ? "" : `\n\n${"#".repeat(Number(name[1]))} ${words}\n\n`;
      }
      case "strong":
      case "b":
        return wrap(this.#inside(node), "**");
      case "em":
      case "i":
        return wrap(this.#inside(node), "*");
      case "del":
      case "s":
        return wrap(this.#inside(node), "~~");
      case "code":
      case "kbd":
      case "samp":
        return toCode(rawText(node));
      case "pre":
        return toFence(rawText(node));
      case "a":
        return this.#link(node);
      case "img":
        return node.attributes["alt"] === undefined || node.attributes["alt"].trim() === ""
          ? ""
          : `[image: ${oneLine(node.attributes["alt"])}]`;
      case "ul":
      case "ol":
        return this.#contain(node, () => this.#list(node));
      case "blockquote":
        return this.#contain(node, () => {
          const text = tidy(this.#inside(node));
          return text === "" ? "" : `\n\n${prefix(text, "> ")}\n\n`;
        });
      case "table":
        return this.#table(node);
      default:
        return blocks.has(name) ? `\n\n${this.#inside(node)}\n\n` : this.#inside(node);
    }
  }

  #inside({ children }: HtmlElement): string {
    return children.map((child) => this.write(child)).join("");
  }

  #contain(node: HtmlElement, write: () => string): string {
    if (this.#containers >= mostContainers) return `\n\n${this.#inside(node)}\n\n`;
    this.#containers += 1;
    const text = write();
    this.#containers -= 1;
    return text;
  }

  #link(node: HtmlElement): string {
    const words = this.#inside(node);
    const target = toUrl(node.attributes["href"], this.#base);
    if (target === undefined || words.trim() === "") return words;
    this.links.add(target);
    // A link around blocks is its text, and then where it leads.
    if (/\n\s*\n/.test(words.trim())) return `${words}\n\n<${target}>\n\n`;
    return wrap(oneLine(words), "[", `](${target.replaceAll("(", "%28").replaceAll(")", "%29")})`);
  }

  #list(node: HtmlElement): string {
    const isOrdered = node.name === "ol";
    let number = Number(node.attributes["start"] ?? 1) || 1;
    const items = node.children.flatMap((child) => {
      if (typeof child === "string" || !isShown(child)) return [];
      const text = tidy(child.name === "li" ? this.#inside(child) : this.write(child));
      if (text === "") return [];
      const mark = isOrdered ? `${number++}. ` : "- ";
      return [`${mark}${prefix(text, " ".repeat(mark.length)).slice(mark.length)}`];
    });
    return items.length === 0 ? "" : `\n\n${items.join("\n")}\n\n`;
  }

  /** A table that only lays out a page is its cells. */
  #table(node: HtmlElement): string {
    const rows = findRows(node).map((row) =>
      row.children.flatMap((cell) =>
        typeof cell === "string" || (cell.name !== "td" && cell.name !== "th") ? [] : [cell],
      ),
    );
    const width = Math.max(0, ...rows.map((row) => row.length));
    const isLayout = width < 2 || findAll(node, "table").length > 0 || rows.length < 2;
    if (isLayout)
      return rows.map((row) => row.map((cell) => `\n\n${this.#inside(cell)}\n\n`).join("")).join("");
    const lines = rows.map((row) => {
      const cells = row.map((cell) => oneLine(this.#inside(cell)).replaceAll("|", "\\|"));
      return `| ${[...cells, ...Array.from({ length: width - cells.length }, () => "")].join(" | ")} |`;
    });
    const [head = "", ...body] = lines;
    return `\n\n${[head, `|${" --- |".repeat(width)}`, ...body].join("\n")}\n\n`;
  }
}

/** Its own: those in one of its cells are written with that cell. One whose end was left out lies in the one before. */
function findRows(node: HtmlElement): HtmlElement[] {
  return node.children.flatMap((child) => {
    if (typeof child === "string" || /^(?:table|td|th)$/.test(child.name)) return [];
    return child.name === "tr" ? [child, ...findRows(child)] : findRows(child);
  });
}

function findText(root: HtmlElement, name: string): string | undefined {
  const [first] = findAll(root, name);
  const text = first === undefined ? "" : oneLine(rawText(first));
  return text === "" ? undefined : text.slice(0, 300);
}

function findMeta(root: HtmlElement, names: readonly string[]): string | undefined {
  for (const { attributes } of findAll(root, "meta")) {
    const name = attributes["property"] ?? attributes["name"] ?? "";
    const content = oneLine(attributes["content"] ?? "");
    if (names.includes(name.toLowerCase()) && content !== "") return content.slice(0, 300);
  }
  return undefined;
}

function findDate(root: HtmlElement): string | undefined {
  const said = findMeta(root, [
    "article:published_time",
    "date",
    "dc.date",
    "pubdate",
    "article:modified_time",
  ]);
  return (
    said ??
    findAll(root, "time").find(({ attributes }) => attributes["datetime"] !== undefined)?.attributes[
      "datetime"
    ]
  );
}

function toBase(root: HtmlElement, base: string): string {
  return toUrl(findAll(root, "base")[0]?.attributes["href"], base) ?? base;
}

function toUrl(href: string | undefined, base: string): string | undefined {
  const url = href === undefined || href.startsWith("#") ? null : URL.parse(href.trim(), base);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  url.username = "";
  url.password = "";
  return url.href.slice(0, 2000);
}

function rawText(node: HtmlElement | string): string {
  if (typeof node === "string") return node;
  return node.name === "br" ? "\n" : node.children.map(rawText).join("");
}

function toCode(text: string): string {
  const words = oneLine(text);
  if (words === "") return "";
  const ticks = "`".repeat(longestRun(words, "`") + 1);
  return words.includes("`") ? `${ticks} ${words} ${ticks}` : `${ticks}${words}${ticks}`;
}

function toFence(text: string): string {
  const body = text.replace(/^\n/, "").trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(body, "`") + 1));
  const lines = [fence, ...body.replaceAll(keptLine, "").split("\n"), fence];
  return body === "" ? "" : `\n\n${lines.join(keptLine)}\n\n`;
}

/** The end of a line of code, which no tidying touches; of no meaning anywhere else. */
const keptLine = "\u{E000}";

function longestRun(text: string, character: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(new RegExp(`\\${character}+`, "g")))
    longest = Math.max(longest, run.length);
  return longest;
}

/** Marks stand at the words, not at the spaces around them. */
function wrap(text: string, before: string, after = before): string {
  const words = text.trim();
  if (words === "" || words.includes("\n\n")) return text;
  const [start = ""] = /^\s*/.exec(text) ?? [];
  const [end = ""] = /\s*$/.exec(text) ?? [];
  return `${start}${before}${words}${after}${end}`;
}

function prefix(text: string, mark: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? mark.trimEnd() : `${mark}${line.replaceAll(keptLine, keptLine + mark)}`))
    .join("\n");
}

function oneLine(text: string): string {
  return text.replace(/[\s\u{E000}]+/gu, " ").trim();
}

/** Only what would change the meaning of the words around it. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]]/g, (character) => `\\${character}`);
}

/** No space at the end of a line, never two empty lines. */
function tidy(text: string): string {
  return text
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n[ \t]+(?=\n)/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\s+|\s+$/g, "");
}
