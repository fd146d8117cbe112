import { AppError } from "../../errors.ts";
import { decodeText } from "./decode-text.ts";
import { feedToMarkdown } from "./feed-to-markdown.ts";
import { officeToMarkdown } from "./office-to-markdown.ts";
import { htmlToMarkdown } from "../../html/html-to-markdown.ts";

export interface Page {
  readonly kind: "page" | "feed" | "data" | "text" | "document";
  readonly title?: string | undefined;
  readonly date?: string | undefined;
  readonly text: string;
  readonly links: readonly string[];
}

export interface Fetched {
  /** Where it came from in the end. */
  readonly url: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What came, as words. It runs where nothing else can be reached. Throws `AppError`: a kind that holds none. */
export async function readPage({ url, contentType, bytes }: Fetched, signal: AbortSignal): Promise<Page> {
  const type = toType(contentType);
  const office = startsWith(bytes, "PK") ? await officeToMarkdown(bytes, signal) : undefined;
  if (office !== undefined) return { kind: "document", text: office, links: [] };
  if (/^(?:image|audio|video|font)\//.test(type) || isBinary(bytes, contentType)) {
    throw new AppError(
      "usage",
      `${url} is ${type || "something"} of ${bytes.byteLength} bytes, and no text.`,
    );
  }
  const text = decodeText(bytes, contentType);
  if (/[/+]json$/.test(type)) return { kind: "data", text: toReadableJson(text), links: [] };
  const isMarked = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]{0,2000}?-->\s*)?<(?:rss|feed|rdf:rdf)\b/i.test(
    text,
  );
  if (isMarked || /[/+](?:rss|atom)(?:\+xml)?$/.test(type)) {
    const feed = feedToMarkdown(text, url);
    if (feed !== undefined) return { kind: "feed", ...feed, text: feed.markdown };
  }
  if (
    type === "text/html" ||
    type === "application/xhtml+xml" ||
    /^\s*(?:<!doctype html|<html)\b/i.test(text)
  ) {
    const page = htmlToMarkdown(text, url);
    return { kind: "page", ...page, text: page.markdown };
  }
  return { kind: "text", text, links: [] };
}

/** Its words come of another program. */
export function isPdf({ contentType, bytes }: Pick<Fetched, "contentType" | "bytes">): boolean {
  return toType(contentType) === "application/pdf" || startsWith(bytes, "%PDF-");
}

function toType(contentType: string): string {
  return contentType.toLowerCase().split(";")[0]?.trim() ?? "";
}

function toReadableJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 1);
  } catch {
    return text;
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, text.length)) === text;
}

/** Text has no zero bytes, but for UTF-16. */
function isBinary(bytes: Uint8Array, contentType: string): boolean {
  const head = bytes.subarray(0, 1024);
  const isWide =
    /utf-?16/i.test(contentType) ||
    (head[0] === 0xff && head[1] === 0xfe) ||
    (head[0] === 0xfe && head[1] === 0xff);
  return !isWide && head.includes(0);
}
