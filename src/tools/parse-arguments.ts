import type { JsonSchema } from "../providers/provider.ts";
import { AppError } from "../errors.ts";
import { findJsonFault } from "./json-fault.ts";
import { longestArguments } from "./peek-arguments.ts";
import { validate } from "./validate.ts";

/** The checked input of a tool from the text that the model wrote. Throws `AppError("usage")` in words for the model. */
export function parseArguments(name: string, schema: JsonSchema, text: string): unknown {
  if (text.length > longestArguments) {
    throw new AppError(
      "usage",
      `The arguments of ${name} are ${text.length} characters long; ${longestArguments} are allowed.`,
      { hint: "Split the work into several calls." },
    );
  }
  const validation = validate(schema, parseJson(name, text));
  if (validation.isValid) return validation.value;
  throw new AppError("usage", `Invalid arguments for ${name}: ${validation.problems.join("; ")}.`);
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
