import { decodeEntities } from "./decode-entities.ts";

export interface HtmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (HtmlElement | string)[];
}

/** A page that nests deeper is none that anybody reads: what lies below is taken as lying here. */
const deepest = 200;
const mostNodes = 300_000;

const empty: ReadonlySet<string> = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

/** An opening tag ends these, where its writer has left out their end. */
const ended: Readonly<Record<string, readonly string[]>> = {
  li: ["li"],
  dt: ["dt", "dd"],
  dd: ["dt", "dd"],
  tr: ["tr", "td", "th"],
  td: ["td", "th"],
  th: ["td", "th"],
  option: ["option"],
  p: ["p"],
};

/** A search for an end that was left out stops at these. */
const fences: ReadonlySet<string> = new Set([
  "ul",
  "ol",
  "dl",
  "table",
  "body",
  "article",
  "main",
  "div",
  "section",
]);

const endParagraphs: ReadonlySet<string> = new Set(
  "address article aside blockquote div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol pre section table ul".split(
    " ",
  ),
);

/** What is read of an element, and by what it is judged whether it is seen. */
const wanted: ReadonlySet<string> = new Set(
  "href src alt content name property datetime colspan start class id hidden aria-hidden style role rel".split(
    " ",
  ),
);

/**
 * The elements and texts of a page, however badly it is written. The tokens come from the rewriter of the runtime, which
 * is a streaming parser in Rust; entities are decoded, comments and scripts are left out.
 */
export function parseHtml(html: string): HtmlElement {
  const root: HtmlElement = { name: "#root", attributes: {}, children: [] };
  const open: HtmlElement[] = [root];
  let nodes = 0;
  let ignored = 0;
  let text = "";
  const top = (): HtmlElement => open.at(-1) ?? root;
  const flush = (): void => {
    if (text !== "" && ignored === 0) top().children.push(decodeEntities(text));
    text = "";
  };
  const close = (names: readonly string[], isFenced: boolean): void => {
    const at = open.findLastIndex(({ name }) => names.includes(name));
    if (at <= 0) return;
    if (isFenced && open.slice(at + 1).some(({ name }) => fences.has(name))) return;
    open.length = at;
  };
  const rewriter = new HTMLRewriter().on("*", {
    element(element) {
      flush();
      const name = element.tagName.toLowerCase();
      const isIgnored = skipped.has(name);
      if (isIgnored) ignored++;
      if (!empty.has(name) && element.canHaveContent) {
        element.onEndTag((tag) => {
          flush();
          if (isIgnored) ignored = Math.max(0, ignored - 1);
          else if (tag.name.toLowerCase() === name) close([name], false);
        });
      }
      if (ignored > 0 || ++nodes > mostNodes) return;
      if (endParagraphs.has(name)) close(["p"], true);
      const over = Object.hasOwn(ended, name) ? ended[name] : undefined;
      if (over !== undefined) close(over, true);
      const made: HtmlElement = { name, attributes: readAttributes(element), children: [] };
      top().children.push(made);
      if (!empty.has(name) && element.canHaveContent && open.length < deepest) open.push(made);
    },
  });
  // Also what stands in no element at all.
  rewriter.onDocument({ text: (chunk) => void (text += chunk.text) });
  rewriter.transform(html);
  flush();
  return root;
}

const skipped: ReadonlySet<string> = new Set([
  "script",
  "style",
  "template",
  "noscript",
  "svg",
  "math",
  "iframe",
  "object",
  "canvas",
]);

function readAttributes(element: HTMLRewriterTypes.Element): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of element.attributes) {
    if (wanted.has(name) && !Object.hasOwn(attributes, name)) attributes[name] = decodeEntities(value);
  }
  return attributes;
}
