import type { HtmlElement } from "./html-tree.ts";

/** What is hidden from a person is not read to a model either: it is where tricks are kept. */
export function isShown({ name, attributes }: HtmlElement): boolean {
  if (unread.has(name)) return false;
  if (attributes["hidden"] !== undefined || attributes["aria-hidden"] === "true") return false;
  const style = (attributes["style"] ?? "").toLowerCase().replace(/\s/g, "");
  if (/display:none|visibility:hidden|opacity:0(?![.\d])|font-size:0(?![.\d])/.test(style)) return false;
  return !/^(?:navigation|banner|contentinfo|search|menu|dialog)$/.test(attributes["role"] ?? "");
}

const unread: ReadonlySet<string> = new Set(
  "head nav footer aside form button select input textarea dialog menu audio video".split(" "),
);
