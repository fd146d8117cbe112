import type { JsonSchema } from "../providers/provider.ts";

const lengths: ReadonlySet<string> = new Set(["minLength", "maxLength"]);

/** A tool's schema never changes, and is offered with every turn. */
const known = new WeakMap<JsonSchema, JsonSchema>();

/** As the model is offered it. How long a text may be is checked when it calls, and need not be read before. */
export function toOffered(schema: JsonSchema): JsonSchema {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const offered = withoutLengths(schema);
  known.set(schema, offered);
  return offered;
}

function withoutLengths(schema: JsonSchema): JsonSchema {
  const offered: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (lengths.has(keyword) && typeof value === "number") continue;
    offered[keyword] = isSchema(value) ? withoutLengths(value) : value;
  }
  return offered;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
