import { decodeEntities } from "../../html/decode-entities.ts";

export interface XmlElement {
  /** Without its prefix: `encoded` of `content:encoded`. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

export interface XmlOptions {
  /** Words stand among the children as well, as `#text`: where it matters what comes first. */
  readonly hasTextNodes?: boolean;
}

const deepest = 100;
const mostElements = 100_000;
const token =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\]\s*)?>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)|</g;

/**
 * A feed or a part of an office file, leniently: what is not closed is closed by what comes around it. No entity is ever looked up, whatever the
 * document declares, and nothing outside of it is read.
 */
export function parseXml(text: string, { hasTextNodes = false }: XmlOptions = {}): XmlElement {
  const root: XmlElement = { name: "#root", attributes: {}, children: [], text: "" };
  const open: XmlElement[] = [root];
  let elements = 0;
  for (const [, cdata, closing, opening, attributes, isEmpty, words] of text.matchAll(token)) {
    const top = open.at(-1) ?? root;
    if (cdata !== undefined) top.text += cdata;
    else if (words !== undefined) {
      const own = decodeEntities(words);
      top.text += own;
      if (hasTextNodes) top.children.push({ name: "#text", attributes: {}, children: [], text: own });
    } else if (closing !== undefined) {
      const at = open.findLastIndex(({ name }) => name === toName(closing));
      if (at > 0) open.length = at;
    } else if (opening !== undefined && ++elements <= mostElements) {
      const made: XmlElement = {
        name: toName(opening),
        attributes: toAttributes(attributes ?? ""),
        children: [],
        text: "",
      };
      top.children.push(made);
      if (isEmpty !== "/" && open.length < deepest) open.push(made);
    }
  }
  return root;
}

function toName(qualified: string): string {
  return qualified.slice(qualified.indexOf(":") + 1).toLowerCase();
}

function toAttributes(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(
    pairs.map(([, name = "", double, single]) => [toName(name), decodeEntities(double ?? single ?? "")]),
  );
}
