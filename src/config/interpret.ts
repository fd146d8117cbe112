import type { GenericSchema } from "valibot";
import { expandVariables, type FindVariable } from "./expand.ts";
import type { JsonMember, JsonNode, JsonObject, Range } from "./jsonc.ts";
import { findNearest, toCamelCase } from "./names.ts";
import { formatPath, type KeyPath } from "./path.ts";
import type { Problem } from "./problem.ts";
import { toShape } from "./shape.ts";

/** What is collected on the way through the file. */
export interface Interpretation {
  readonly problems: Problem[];
  /** Where each value of the file stands, by its formatted path. */
  readonly ranges: Map<string, Range>;
  readonly findVariable: FindVariable;
}

/** Turns a part of the file into plain values under their real names, for the schema to check. */
export function interpret(
  node: JsonNode,
  schema: GenericSchema,
  path: KeyPath,
  found: Interpretation,
): unknown {
  found.ranges.set(formatPath(path), node);
  const shape = toShape(schema);
  if (shape.kind === "section" && node.type === "object") {
    const known = Object.keys(shape.entries);
    return interpretMembers(node, path, found, (member) => {
      const name = findKey(member.key, known);
      if (name === undefined) {
        found.problems.push({ message: unknownKey(member.key, path, known), range: member.name });
      }
      const entry = name === undefined ? undefined : shape.entries[name];
      return name === undefined || entry === undefined ? undefined : { name, schema: entry };
    });
  }
  if (shape.kind === "map" && node.type === "object") {
    return interpretMembers(node, path, found, (member) => ({ name: member.key, schema: shape.value }));
  }
  if (shape.kind === "list" && node.type === "array") {
    return node.items.map((item, index) => interpret(item, shape.item, [...path, String(index)], found));
  }
  if ((shape.kind === "section" || shape.kind === "map") && node.type === "array") {
    // To the schema an empty list would be an object without keys.
    const message = `${formatPath(path)}: expected an object in { }, found a list`;
    found.problems.push({ message, range: node });
    return {};
  }
  if (node.type === "string") return expand(String(node.value), node, path, found);
  return toPlain(node);
}

/** The real name of a key that may be written in snake_case. */
export function findKey(key: string, known: readonly string[]): string | undefined {
  if (known.includes(key)) return key;
  const name = toCamelCase(key);
  return known.includes(name) ? name : undefined;
}

export function unknownKey(key: string, path: KeyPath, known: readonly string[]): string {
  const place = path.length === 0 ? "" : ` in ${formatPath(path)}`;
  const nearest = findNearest(toCamelCase(key), known);
  if (nearest !== undefined) return `unknown key "${key}"${place}; did you mean "${nearest}"?`;
  return `unknown key "${key}"${place}; known here: ${known.join(", ")}`;
}

interface Place {
  readonly name: string;
  readonly schema: GenericSchema;
}

function interpretMembers(
  node: JsonObject,
  path: KeyPath,
  found: Interpretation,
  findPlace: (member: JsonMember) => Place | undefined,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const member of node.members) {
    const place = findPlace(member);
    if (place === undefined) continue;
    if (place.name === "__proto__") {
      found.problems.push({ message: `"__proto__" cannot be a name`, range: member.name });
    } else if (Object.hasOwn(values, place.name)) {
      const inner = formatPath([...path, place.name]);
      found.problems.push({ message: `${inner} stands here for the second time`, range: member.name });
    } else {
      values[place.name] = interpret(member.value, place.schema, [...path, place.name], found);
    }
  }
  return values;
}

function expand(text: string, range: Range, path: KeyPath, found: Interpretation): string {
  const { text: expanded, missing } = expandVariables(text, found.findVariable);
  for (const name of missing) {
    const message = /^[A-Za-z_]\w*$/.test(name)
      ? `${formatPath(path)} needs the variable ${name}, which is neither in the environment nor in secrets.json`
      : `${formatPath(path)} holds a \${…} without a variable's name; write $\${ for the characters themselves`;
    found.problems.push({ message, range });
  }
  return expanded;
}

/** A value of the wrong kind: only its kind matters for what is said of it. */
function toPlain(node: JsonNode): unknown {
  switch (node.type) {
    case "object":
      return {};
    case "array":
      return [];
    default:
      return node.value;
  }
}
