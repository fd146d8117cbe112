import { toCamelCase } from "./names.ts";
import { type JsonMember, type JsonNode, type JsonObject, parseJsonc, skipBlankFrom } from "./jsonc.ts";
import type { KeyPath } from "./path.ts";

/**
 * The text with one value set; all else stays as it was written, comments too. Objects on the way are made.
 * A key that stands there in snake_case is the same key. Throws `JsoncError` for a text that is not JSON.
 */
export function setValue(text: string, path: KeyPath, value: unknown): string {
  const source = text.trim() === "" ? "{}\n" : text;
  const root = parseJsonc(source);
  if (source.slice(root.start, root.end).trim() === "") return setValue(`{}\n${source}`, path, value);
  return setIn(source, root, path, value);
}

/** The text without one value, and without the objects that held only it; the same text when it is not there. */
export function removeValue(text: string, path: KeyPath): string {
  const chain = findChain(parseJsonc(text), path);
  if (chain.length < path.length) return text;
  const emptied = chain.toReversed().findIndex(({ parent }) => parent.members.length > 1);
  const link = chain[emptied === -1 ? 0 : chain.length - 1 - emptied];
  return link === undefined ? text : removeMember(text, link.parent, link.member);
}

interface Link {
  readonly parent: JsonObject;
  readonly member: JsonMember;
}

function setIn(text: string, node: JsonNode, path: KeyPath, value: unknown): string {
  const [key, ...rest] = path;
  if (key === undefined || node.type !== "object") {
    const indent = indentAt(text, node.start);
    const nested = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    return splice(text, node.start, node.end, toJson(nested, unitOf(text), indent));
  }
  const member = findMember(node, key);
  if (member !== undefined) return setIn(text, member.value, rest, value);
  const nested = rest.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  return insertMember(text, node, key, nested);
}

function insertMember(text: string, node: JsonObject, key: string, value: unknown): string {
  const unit = unitOf(text);
  const outer = indentAt(text, node.start);
  const last = node.members.at(-1);
  const isOneLine = last !== undefined && !text.slice(node.start, node.end).includes("\n");
  const name = `${JSON.stringify(key)}: `;
  if (isOneLine) return splice(text, last.value.end, last.value.end, `, ${name}${JSON.stringify(value)}`);
  const indent = last === undefined ? outer + unit : indentAt(text, last.name.start);
  const line = `\n${indent}${name}${toJson(value, unit, indent)}`;
  const end = node.end - 1;
  if (last === undefined) {
    const hasComment = text.slice(node.start + 1, end).trim() !== "";
    const at = hasComment ? lineEnd(text, text.slice(0, end).trimEnd().length) : node.start + 1;
    return splice(text, at, end, `${line}\n${outer}`);
  }
  const afterComma = skipBlankFrom(text, last.value.end);
  const hasComma = text[afterComma] === ",";
  const at = endOfTrailingComment(text, hasComma ? afterComma + 1 : last.value.end);
  const inserted = splice(text, at, at, `${hasComma ? `${line},` : line}`);
  return hasComma ? inserted : splice(inserted, last.value.end, last.value.end, ",");
}

function removeMember(text: string, parent: JsonObject, member: JsonMember): string {
  const index = parent.members.indexOf(member);
  const previous = parent.members[index - 1];
  const afterValue = skipBlankFrom(text, member.value.end);
  const hasComma = text[afterValue] === ",";
  const lineStart = text.lastIndexOf("\n", member.name.start - 1) + 1;
  const startsLine = text.slice(lineStart, member.name.start).trim() === "";
  const end = endOfTrailingComment(text, hasComma ? afterValue + 1 : member.value.end);
  const endsLine = end === text.length || text[end] === "\n" || text.startsWith("\r\n", end);
  const start =
    startsLine && endsLine && lineStart > 0
      ? text.lastIndexOf("\n", member.name.start - 1)
      : member.name.start;
  const from = text[start - 1] === "\r" && text[start] === "\n" ? start - 1 : start;
  const rest = endsLine ? end : skipSpaces(text, end);
  const without = splice(text, from, rest, "");
  if (hasComma || previous === undefined) return without;
  const comma = skipBlankFrom(text, previous.value.end);
  const gap = startsLine ? comma + 1 : rest === end && from > comma ? Math.min(from, comma + 1) : comma + 1;
  return splice(without, comma, gap, "");
}

function findChain(root: JsonNode, path: KeyPath): readonly Link[] {
  const chain: Link[] = [];
  let node = root;
  for (const key of path) {
    const member = node.type === "object" ? findMember(node, key) : undefined;
    if (node.type !== "object" || member === undefined) break;
    chain.push({ parent: node, member });
    node = member.value;
  }
  return chain;
}

/** The key itself, or its snake_case form; never another spelling of a map's name. */
function findMember(node: JsonObject, key: string): JsonMember | undefined {
  const exact = node.members.find((member) => member.key === key);
  return exact ?? node.members.find((member) => member.key.includes("_") && toCamelCase(member.key) === key);
}

/** The end of a comment that stands behind a value on its own line, or the place itself. */
function endOfTrailingComment(text: string, from: number): number {
  const rest = /[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*(?=\r?\n|$))/y;
  rest.lastIndex = from;
  return rest.test(text) ? rest.lastIndex : from;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? from : Math.max(from, text[newline - 1] === "\r" ? newline - 1 : newline);
}

function skipSpaces(text: string, from: number): number {
  const rest = /[ \t]*/y;
  rest.lastIndex = from;
  rest.test(text);
  return rest.lastIndex;
}

function indentAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? "";
}

/** How this file indents: by the first line that is. */
function unitOf(text: string): string {
  return /\n([ \t]+)["/]/.exec(text)?.[1] ?? "  ";
}

function toJson(value: unknown, unit: string, indent: string): string {
  return JSON.stringify(value, undefined, unit).replaceAll("\n", `\n${indent}`);
}

function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
