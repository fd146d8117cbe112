import type { JsonSchema } from "../providers/provider.ts";

const lengths: ReadonlySet<string> = new Set(["minLength", "maxLength"]);

/** As the model is offered it. How long a text may be is checked when it calls, and need not be read before. */
export function toOffered(schema: JsonSchema): JsonSchema {
  const said = Object.entries(schema).filter(
    ([keyword, value]) => !lengths.has(keyword) || typeof value !== "number",
  );
  return Object.fromEntries(
    said.map(([keyword, value]) => [keyword, isSchema(value) ? toOffered(value) : value]),
  );
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
