import { htmlToMarkdown, type MarkdownPage } from "../../html/html-to-markdown.ts";
import { parseXml, type XmlElement } from "./xml.ts";

const mostEntries = 100;
const longestEntry = 1_000;

/** RSS, RSS 1.0 and Atom as a list of what is new. Undefined: it is none of them. */
export function feedToMarkdown(text: string, base: string): MarkdownPage | undefined {
  const root = parseXml(text);
  const feed = find(root, ["channel"]) ?? root.children.find(({ name }) => name === "feed" || name === "rdf");
  const entries = findEntries(root).slice(0, mostEntries);
  if (feed === undefined || (entries.length === 0 && find(feed, ["title"]) === undefined)) return undefined;
  const links = new Set<string>();
  const parts = entries.map((entry) => {
    const link = toLink(entry, base);
    if (link !== undefined) links.add(link);
    const title = toLine(textOf(entry, ["title"])) || "(no title)";
    const date = toLine(textOf(entry, ["pubdate", "published", "updated", "date"]));
    const body = textOf(entry, ["description", "summary", "content", "encoded"]);
    const words = body === "" ? "" : htmlToMarkdown(body, link ?? base).markdown.slice(0, longestEntry);
    const head = link === undefined ? `## ${title}` : `## [${title}](${link})`;
    return [head, ...(date === "" ? [] : [date]), ...(words === "" || words === title ? [] : [words])].join(
      "\n\n",
    );
  });
  return {
    title: toLine(textOf(feed, ["title"])) || undefined,
    date: toLine(textOf(feed, ["lastbuilddate", "updated", "pubdate"])) || undefined,
    markdown: parts.join("\n\n"),
    links: [...links],
  };
}

function findEntries(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) =>
    child.name === "item" || child.name === "entry" ? [child] : findEntries(child),
  );
}

/** Of Atom the one that leads to the page; of RSS its text. */
function toLink(entry: XmlElement, base: string): string | undefined {
  const links = entry.children.filter(({ name }) => name === "link");
  const page = links.find(({ attributes }) => (attributes["rel"] ?? "alternate") === "alternate") ?? links[0];
  const permanent = entry.children.find(
    ({ name, attributes }) => name === "guid" && attributes["ispermalink"] !== "false",
  );
  const href = page?.attributes["href"] ?? (page?.text.trim() || permanent?.text.trim());
  const url = href === undefined || href === "" ? null : URL.parse(href, base);
  return url?.protocol === "https:" || url?.protocol === "http:"
    ? url.href.replaceAll(")", "%29")
    : undefined;
}

function find({ children }: XmlElement, names: readonly string[]): XmlElement | undefined {
  for (const child of children) {
    if (names.includes(child.name)) return child;
    const inner = child.name === "rss" || child.name === "rdf" ? find(child, names) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function textOf(element: XmlElement, names: readonly string[]): string {
  for (const name of names) {
    const found = element.children.find((child) => child.name === name);
    if (found !== undefined) return found.text.trim() || flatten(found).trim();
  }
  return "";
}

/** XHTML within Atom. */
function flatten({ text, children }: XmlElement): string {
  return `${text} ${children.map(flatten).join(" ")}`;
}

function toLine(text: string): string {
  return text
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300)
    .replace(/[[\]]/g, "\\$&");
}
