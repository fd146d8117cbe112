import type { GenericSchema } from "valibot";
import { findKey, unknownKey } from "./interpret.ts";
import { toCamelCase } from "./names.ts";
import type { KeyPath } from "./path.ts";
import { toShape } from "./shape.ts";

/** Where a path leads in the schema, under real names. */
export type Target =
  | { readonly path: KeyPath; readonly schema: GenericSchema }
  | { readonly unknown: string };

/** Follows keys through the schema; map names are kept, but match `names` (what the file has) in any case. */
export function findTarget(
  keys: KeyPath,
  schema: GenericSchema,
  path: KeyPath,
  findNames: (path: KeyPath) => readonly string[],
): Target {
  const [key, ...rest] = keys;
  if (key === undefined) return { path, schema };
  const shape = toShape(schema);
  switch (shape.kind) {
    case "section": {
      const known = Object.keys(shape.entries);
      const name = findKey(key, known);
      const inner = name === undefined ? undefined : shape.entries[name];
      if (name === undefined || inner === undefined) return { unknown: unknownKey(key, path, known) };
      return findTarget(rest, inner, [...path, name], findNames);
    }
    case "map": {
      const name = findNames(path).find((candidate) => isSameName(candidate, key)) ?? key;
      return findTarget(rest, shape.value, [...path, name], findNames);
    }
    case "list":
    case "scalar":
      return { unknown: unknownKey(key, path, []).replace("; known here: ", "; it holds no keys") };
    default:
      return shape satisfies never;
  }
}

/** Reads a text from the command line or the environment as the kind of value that the schema wants. */
export function coerce(text: string, schema: GenericSchema): unknown {
  const shape = toShape(schema);
  if (shape.kind === "scalar" && shape.type === "string") return text === "null" ? null : text;
  const value = parseJson(text);
  if (value === undefined && shape.kind === "list") return text.split(",").map((item) => item.trim());
  // To the schema an empty list would be an object without keys.
  const isWrongKind = Array.isArray(value) && shape.kind !== "list";
  return value === undefined || isWrongKind ? text : value;
}

function isSameName(candidate: string, key: string): boolean {
  return candidate === key || toCamelCase(candidate).toLowerCase() === toCamelCase(key).toLowerCase();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
