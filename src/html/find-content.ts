import { findAll } from "./find-all.ts";
import type { HtmlElement } from "./html-tree.ts";
import { isShown } from "./is-shown.ts";

/** An article or the main part, where there is one that holds most of the words; else all of it. */
export function findContent(root: HtmlElement): HtmlElement {
  const whole = findAll(root, "body")[0] ?? root;
  const candidates = [...findAll(root, "article"), ...findAll(root, "main"), ...findRole(root, "main")];
  const known = new Map<HtmlElement, number>();
  const measured = candidates.map((element) => ({ element, length: shownLength(element, known) }));
  const [largest] = measured.toSorted((one, other) => other.length - one.length);
  if (largest === undefined) return whole;
  const all = shownLength(whole, known);
  // Many articles are a list of them.
  const articles = measured.filter(({ element }) => element.name === "article").length;
  const isList = articles > 3 && largest.element.name === "article" && largest.length < all / 3;
  return largest.length > Math.min(200, all / 4) && !isList ? largest.element : whole;
}

function findRole(node: HtmlElement, role: string): HtmlElement[] {
  return node.children.flatMap((child) =>
    typeof child === "string"
      ? []
      : [...(child.attributes["role"] === role ? [child] : []), ...findRole(child, role)],
  );
}

/** Each element is measured once, whatever it lies in. */
function shownLength(node: HtmlElement | string, known: Map<HtmlElement, number>): number {
  if (typeof node === "string") return node.trim().length;
  const before = known.get(node);
  if (before !== undefined) return before;
  const length = isShown(node) ? node.children.reduce((sum, child) => sum + shownLength(child, known), 0) : 0;
  known.set(node, length);
  return length;
}
