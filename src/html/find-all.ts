import type { HtmlElement } from "./html-tree.ts";

/** All below it of that name, in their order. */
export function findAll(node: HtmlElement, name: string): HtmlElement[] {
  return node.children.flatMap((child) =>
    typeof child === "string" ? [] : [...(child.name === name ? [child] : []), ...findAll(child, name)],
  );
}
