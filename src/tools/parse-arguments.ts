import type { JsonSchema } from "../providers/provider.ts";
import { AppError } from "../errors.ts";
import { findJsonFault } from "./json-fault.ts";
import { validate } from "./validate.ts";

const longest = 2_000_000;

/** The checked input of a tool from the text that the model wrote. Throws `AppError("usage")` in words for the model. */
export function parseArguments(name: string, schema: JsonSchema, text: string): unknown {
  if (text.length > longest) {
    throw new AppError(
      "usage",
      `The arguments of ${name} are ${text.length} characters long; ${longest} are allowed.`,
      { hint: "Split the work into several calls." },
    );
  }
  const validation = validate(schema, parseJson(name, text));
  if (validation.isValid) return validation.value;
  throw new AppError("usage", `Invalid arguments for ${name}: ${validation.problems.join("; ")}.`);
}

/** What a title is made from: an empty object for anything that is not a JSON object. Never throws. */
export function peekArguments(text: string): Readonly<Record<string, unknown>> {
  if (text.length > longest) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

function parseJson(name: string, text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) ?? {};
  } catch (cause) {
    const { position, reason } = findJsonFault(text);
    const start = JSON.stringify(text.slice(0, 80)) + (text.length > 80 ? "…" : "");
    throw new AppError(
      "usage",
      `The arguments of ${name} are not JSON: ${reason} at position ${position} of ${text.length}. They begin with ${start}.`,
      { hint: "Send one JSON object; escape quotes and newlines inside strings.", cause },
    );
  }
}
