import { type JsonMember, type JsonNode, type JsonObject, parseJsonc, skipBlankFrom } from "./jsonc.ts";
import type { KeyPath } from "./path.ts";

/**
 * The text with one value set; all else stays as it was written, comments too. Objects on the way are made.
 * Throws `JsoncError` for a text that is not JSON.
 */
export function setValue(text: string, path: KeyPath, value: unknown): string {
  const root = parseJsonc(text);
  const isBlank = root.type === "object" && text[root.start] !== "{";
  if (isBlank) return setValue(`${text.trim() === "" ? "" : `${text.trimEnd()}\n`}{}\n`, path, value);
  return setIn(text, root, path, value);
}

/** The text without one value; the same text when it is not there. Throws `JsoncError`. */
export function removeValue(text: string, path: KeyPath): string {
  let node = parseJsonc(text);
  for (const [index, key] of path.entries()) {
    const member = node.type === "object" ? findMember(node, key) : undefined;
    if (node.type !== "object" || member === undefined) return text;
    if (index === path.length - 1) return removeMember(text, node, member);
    node = member.value;
  }
  return text;
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
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `\n${indent}${name}${toJson(value, unit, indent)}`.replaceAll("\n", newline);
  const end = node.end - 1;
  if (last === undefined) {
    const hasComment = text.slice(node.start + 1, end).trim() !== "";
    const at = hasComment ? text.slice(0, end).trimEnd().length : node.start + 1;
    return splice(text, at, end, `${line}${newline}${outer}`);
  }
  const afterComma = skipBlankFrom(text, last.value.end);
  const hasComma = text[afterComma] === ",";
  const at = endOfTrailingComment(text, hasComma ? afterComma + 1 : last.value.end);
  const inserted = splice(text, at, at, hasComma ? `${line},` : line);
  return hasComma ? inserted : splice(inserted, last.value.end, last.value.end, ",");
}

function removeMember(text: string, parent: JsonObject, member: JsonMember): string {
  const afterValue = skipBlankFrom(text, member.value.end);
  const hasComma = text[afterValue] === ",";
  const end = endOfTrailingComment(text, hasComma ? afterValue + 1 : member.value.end);
  const { start, isWholeLine } = startOfMember(text, member, end);
  const without = splice(text, start, isWholeLine ? end : skipSpaces(text, end), "");
  const previous = parent.members[parent.members.indexOf(member) - 1];
  if (hasComma || previous === undefined) return without;
  const comma = skipBlankFrom(text, previous.value.end);
  const gapEnd = skipSpaces(text, comma + 1);
  return splice(without, comma, gapEnd === start ? gapEnd : comma + 1, "");
}

/** A member that has its lines to itself goes with them; otherwise only its own characters go. */
function startOfMember(
  text: string,
  member: JsonMember,
  end: number,
): { start: number; isWholeLine: boolean } {
  const newline = text.lastIndexOf("\n", member.name.start - 1);
  const startsLine = newline !== -1 && text.slice(newline + 1, member.name.start).trim() === "";
  const endsLine = /^\r?\n|^$/.test(text.slice(end, end + 2));
  if (!startsLine || !endsLine) return { start: member.name.start, isWholeLine: false };
  return { start: text[newline - 1] === "\r" ? newline - 1 : newline, isWholeLine: true };
}

function findMember(node: JsonObject, key: string): JsonMember | undefined {
  return node.members.find((member) => member.key === key);
}

/** The end of the comments that close a line behind a value, or the place itself. */
function endOfTrailingComment(text: string, from: number): number {
  const rest = /(?:[ \t]*\/\*(?:(?!\*\/)[^\r\n])*\*\/)*[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n|$)/y;
  rest.lastIndex = from;
  return rest.test(text) ? rest.lastIndex : from;
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
