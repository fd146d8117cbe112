import type { JsonSchema } from "../providers/provider.ts";

const lengths = new Set(["minLength", "maxLength"]);

/** As the model is offered it. How long a text may be is checked when it calls, and need not be read before. */
export function toOffered(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    lengths.has(key) && typeof value === "number" ? undefined : value,
  );
  const offered: JsonSchema = JSON.parse(text);
  return offered;
}
