import { indentOf, isBlank, expandIndent, parseListMarker, type ListMarker } from "./line-start.ts";

/** What a block stands in. Never changed: whatever holds one can be copied by reference. */
export type Container = Quote | Item;

interface Quote {
  readonly type: "quote";
  readonly hasRows: boolean;
}

interface Item {
  readonly type: "item";
  /** Columns of the source before its marker, and before its text. */
  readonly offset: number;
  readonly indent: number;
  readonly kind: string;
  readonly number: number | undefined;
  readonly marker: string;
  /** The marker stands in its first row only. */
  readonly hasRows: boolean;
}

export const mostContainers = 12;

const quoteMark = /^ {0,3}> ?/;

export function openQuote(line: string): { readonly container: Quote; readonly rest: string } | undefined {
  const mark = quoteMark.exec(line)?.[0];
  if (mark === undefined) return undefined;
  return { container: { type: "quote", hasRows: false }, rest: expandIndent(line.slice(mark.length)) };
}

/** `before` is the item that stood in this place: a numbered list goes on counting. */
export function openItem(mark: ListMarker, before: Container | undefined): Item {
  const isNext = before?.type === "item" && before.kind === mark.kind && before.number !== undefined;
  const number = mark.number === undefined ? undefined : isNext ? (before.number ?? 0) + 1 : mark.number;
  const task = mark.task === undefined ? [] : [mark.task ? "[x]" : "[ ]"];
  const bullet = number === undefined ? (task[0] ?? "•") : [`${number}${mark.kind}`, ...task].join(" ");
  return {
    type: "item",
    offset: mark.offset,
    indent: mark.indent,
    kind: mark.kind,
    number,
    marker: `${bullet} `,
    hasRows: false,
  };
}

/** What of a line stands inside of the container, or undefined if it does not reach it. */
export function enterContainer(container: Container, line: string): string | undefined {
  if (container.type === "quote") {
    const mark = quoteMark.exec(line)?.[0];
    return mark === undefined ? undefined : expandIndent(line.slice(mark.length));
  }
  if (isBlank(line)) return "";
  const indent = indentOf(line);
  if (indent >= container.indent) return line.slice(container.indent);
  // Models often indent a list in a numbered item by two columns only.
  const inner = line.slice(Math.min(indent, container.offset + 2));
  return indent >= container.offset + 2 && parseListMarker(inner) !== undefined
    ? inner.trimStart()
    : undefined;
}
