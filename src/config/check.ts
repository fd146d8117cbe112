import { safeParse, type BaseIssue, type GenericSchema } from "valibot";

/** What the schema says of one part: its value with all defaults, or what is wrong and where. */
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export interface Fault {
  readonly path: readonly string[];
  readonly message: string;
}

export function checkPart(schema: GenericSchema, value: unknown): Checked {
  const result = safeParse(schema, value);
  if (result.success) return { ok: true, value: result.output };
  return { ok: false, faults: result.issues.map(toFault) };
}

function toFault(issue: BaseIssue<unknown>): Fault {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const isMissing =
    issue.kind === "schema" && issue.type.endsWith("object") && issue.received === "undefined";
  if (isMissing) return { path, message: "is missing" };
  return { path, message: `expected ${describeExpected(issue)}, found ${describeFound(issue)}` };
}

function describeExpected(issue: BaseIssue<unknown>): string {
  switch (issue.type) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "integer":
      return "a whole number";
    case "min_value":
      return `at least ${String(issue.requirement)}`;
    case "max_value":
      return `at most ${String(issue.requirement)}`;
    case "array":
      return "a list in [ ]";
    case "picklist":
    case "union":
      return `one of ${(issue.expected ?? "").replace(/^\(|\)$/g, "").replaceAll(" | ", ", ")}`;
    default:
      return "an object in { }";
  }
}

/** Text is named only where one of a few words was expected: anywhere else it may be a key in the wrong place. */
function describeFound(issue: BaseIssue<unknown>): string {
  const { input } = issue;
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  switch (typeof input) {
    case "string": {
      if ((issue.type === "picklist" || issue.type === "union") && input.length <= 24)
        return JSON.stringify(input);
      const isNumber = issue.type === "number" && input !== "" && Number.isFinite(Number(input));
      return isNumber ? "text: leave the quotes out" : "text";
    }
    case "number":
      return issue.type === "string" ? "a number: put it in quotes" : String(input);
    case "boolean":
      return String(input);
    default:
      return "an object";
  }
}
