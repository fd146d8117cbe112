import { AppError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { htmlToMarkdown } from "../../html/html-to-markdown.ts";
import { parseHtml, type HtmlElement } from "../../html/html-tree.ts";

export interface SearchResult {
  readonly title: string;
  readonly url: string;
  readonly snippet: string;
  readonly date?: string;
}

export const searchProviderNames = ["brave", "tavily", "searxng", "duckduckgo"] as const;
export type SearchProviderName = (typeof searchProviderNames)[number];

/** How one of them is asked, and what its answer says. */
export interface SearchProvider {
  readonly usualBase: string | undefined;
  readonly needsKey: boolean;
  request(query: SearchQuery): Request;
  parse(body: string): readonly SearchResult[];
}

export interface SearchQuery {
  readonly base: string;
  readonly key: Secret | undefined;
  readonly words: string;
  readonly count: number;
}

export const searchProviders: Readonly<Record<SearchProviderName, SearchProvider>> = {
  brave: {
    usualBase: "https://api.search.brave.com",
    needsKey: true,
    request: ({ base, key, words, count }) =>
      new Request(toUrl(base, "/res/v1/web/search", { q: words, count: String(count) }), {
        headers: { accept: "application/json", "x-subscription-token": key?.open() ?? "" },
      }),
    parse: (body) =>
      list(get(parseJson(body), "web", "results")).map((each) =>
        toResult(each, { title: "title", url: "url", snippet: "description", date: "page_age" }),
      ),
  },
  tavily: {
    usualBase: "https://api.tavily.com",
    needsKey: true,
    request: ({ base, key, words, count }) =>
      new Request(toUrl(base, "/search", {}), {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key?.open() ?? ""}` },
        body: JSON.stringify({ query: words, max_results: count }),
      }),
    parse: (body) =>
      list(get(parseJson(body), "results")).map((each) =>
        toResult(each, { title: "title", url: "url", snippet: "content", date: "published_date" }),
      ),
  },
  searxng: {
    usualBase: undefined,
    needsKey: false,
    request: ({ base, words }) => new Request(toUrl(base, "/search", { q: words, format: "json" })),
    parse: (body) =>
      list(get(parseJson(body), "results")).map((each) =>
        toResult(each, { title: "title", url: "url", snippet: "content", date: "publishedDate" }),
      ),
  },
  duckduckgo: {
    usualBase: "https://html.duckduckgo.com",
    needsKey: false,
    request: ({ base, words }) =>
      new Request(toUrl(base, "/html/", { q: words }), {
        headers: { "user-agent": "Mozilla/5.0 (compatible; NanoClaw)" },
      }),
    parse: parseDuckDuckGo,
  },
};

/** Its page for browsers without scripts: the one way without a key, and the first to change. */
function parseDuckDuckGo(html: string): readonly SearchResult[] {
  const root = parseHtml(html);
  const links = findClass(root, "result__a");
  if (links.length === 0 && !/no.?results|result--no-result/i.test(html)) {
    throw new AppError(
      "network",
      "DuckDuckGo answered with something that is no list of results; it wants to see a person.",
    );
  }
  const snippets = findClass(root, "result__snippet");
  return links.flatMap((link, index) => {
    const url = toTarget(link.attributes["href"] ?? "");
    if (url === undefined) return [];
    const snippet = snippets[index];
    return [{ title: toText(link), url, snippet: snippet === undefined ? "" : toText(snippet) }];
  });
}

/** Its links lead over a page of its own, which names the target. */
function toTarget(href: string): string | undefined {
  const url = URL.parse(href, "https://duckduckgo.com");
  const target = url?.searchParams.get("uddg") ?? url?.href;
  const parsed = target === undefined ? null : URL.parse(target);
  const isAd = parsed?.hostname.endsWith("duckduckgo.com") ?? true;
  return isAd || (parsed?.protocol !== "https:" && parsed?.protocol !== "http:") ? undefined : parsed.href;
}

function findClass(node: HtmlElement, name: string): HtmlElement[] {
  return node.children.flatMap((child) =>
    typeof child === "string"
      ? []
      : [
          ...((child.attributes["class"] ?? "").split(/\s+/).includes(name) ? [child] : []),
          ...findClass(child, name),
        ],
  );
}

function toText(node: HtmlElement | string): string {
  const text = typeof node === "string" ? node : node.children.map(toText).join("");
  return text.replace(/\s+/g, " ");
}

function toUrl(base: string, path: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(`${base.replace(/\/+$/, "")}${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new AppError("network", "The search answered with something that is no JSON.", { cause });
  }
}

function get(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    at = typeof at === "object" && at !== null ? Object.getOwnPropertyDescriptor(at, name)?.value : undefined;
  }
  return at;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function toResult(
  value: unknown,
  names: { readonly title: string; readonly url: string; readonly snippet: string; readonly date: string },
): SearchResult {
  const read = (name: string): string => {
    const found = get(value, name);
    return typeof found === "string" ? found : "";
  };
  const date = read(names.date).slice(0, 10);
  return {
    title: plain(read(names.title)),
    url: read(names.url),
    snippet: plain(read(names.snippet)),
    ...(date === "" ? {} : { date }),
  };
}

/** Snippets mark the words that were found. */
function plain(text: string): string {
  return text.includes("<") || text.includes("&") ? htmlToMarkdown(text, "https://x.invalid").markdown : text;
}
