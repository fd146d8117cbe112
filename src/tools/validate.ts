import type { JsonSchema } from "../providers/provider.ts";

export type Validation =
  | { readonly isValid: true; readonly value: unknown }
  | { readonly isValid: false; readonly problems: readonly string[] };

/**
 * Checks `type required enum minimum maximum minLength maxLength items properties` and ignores other keywords.
 * The value comes back as a copy without unknown properties, with `"5"` made 5 and `"true"` made true where the
 * schema wants that. Never throws.
 */
export function validate(schema: JsonSchema, value: unknown): Validation {
  const problems: string[] = [];
  const checked = check({ schema, value, path: "", depth: 0 }, problems);
  return problems.length === 0 ? { isValid: true, value: checked } : { isValid: false, problems };
}

interface Place {
  readonly schema: JsonSchema;
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

const deepest = 32;
const mostProblems = 10;

function check(place: Place, problems: string[]): unknown {
  if (problems.length >= mostProblems) return undefined;
  const name = place.path === "" ? "arguments" : place.path;
  if (place.depth > deepest) {
    problems.push(`${name} is nested more than ${deepest} levels deep`);
    return undefined;
  }
  const types = toTypes(place.schema["type"]);
  const value = coerce(place.value, types);
  if (types.length > 0 && !types.some((type) => isOfType(value, type))) {
    problems.push(`${name} should be ${types.join(" or ")}`);
    return undefined;
  }
  checkLimits(name, value, place.schema, problems);
  if (Array.isArray(value)) return checkItems({ ...place, value }, value, problems);
  return isRecord(value) ? checkProperties(place, value, problems) : value;
}

function checkLimits(name: string, value: unknown, schema: JsonSchema, problems: string[]): void {
  const { minimum, maximum, minLength, maxLength } = schema;
  const words = schema["enum"];
  if (Array.isArray(words) && !words.includes(value)) {
    problems.push(`${name} must be one of ${words.map((word) => JSON.stringify(word)).join(", ")}`);
  }
  if (typeof value === "number") {
    if (typeof minimum === "number" && value < minimum) problems.push(`${name} must be >= ${minimum}`);
    if (typeof maximum === "number" && value > maximum) problems.push(`${name} must be <= ${maximum}`);
  }
  if (typeof value === "string") {
    if (typeof minLength === "number" && value.length < minLength) {
      problems.push(`${name} must be at least ${minLength} chars`);
    }
    if (typeof maxLength === "number" && value.length > maxLength) {
      problems.push(`${name} must be at most ${maxLength} chars`);
    }
  }
}

function checkItems(place: Place, items: readonly unknown[], problems: string[]): unknown[] {
  const schema = isRecord(place.schema["items"]) ? place.schema["items"] : {};
  return items.map((value, index) =>
    check({ schema, value, path: `${place.path}[${index}]`, depth: place.depth + 1 }, problems),
  );
}

function checkProperties(place: Place, value: Readonly<Record<string, unknown>>, problems: string[]) {
  const declared = isRecord(place.schema["properties"]) ? place.schema["properties"] : undefined;
  const required = Array.isArray(place.schema["required"]) ? place.schema["required"] : [];
  const prefix = place.path === "" ? "" : `${place.path}.`;
  for (const name of required) {
    if (typeof name === "string" && !isPresent(value, name, declared?.[name])) {
      problems.push(`missing required ${prefix}${name}`);
    }
  }
  const additional = place.schema["additionalProperties"];
  const keepsUnknown = declared === undefined || additional === true || isRecord(additional);
  const kept: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const known = declared !== undefined && Object.hasOwn(declared, name) ? declared[name] : undefined;
    const isUnwanted = known === undefined ? !keepsUnknown || isPoison(name) : !isPresent(value, name, known);
    if (isUnwanted) continue;
    const schema = isRecord(known) ? known : isRecord(additional) ? additional : {};
    kept.push([
      name,
      check({ schema, value: member, path: `${prefix}${name}`, depth: place.depth + 1 }, problems),
    ]);
  }
  return Object.fromEntries(kept);
}

/** Models write `null` for a property that they leave out; it counts only where the schema allows it. */
function isPresent(value: Readonly<Record<string, unknown>>, name: string, schema: unknown): boolean {
  if (!Object.hasOwn(value, name) || value[name] === undefined) return false;
  if (value[name] !== null) return true;
  const types = isRecord(schema) ? toTypes(schema["type"]) : [];
  return isRecord(schema) && (types.length === 0 || types.includes("null"));
}

function isPoison(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}

function coerce(value: unknown, types: readonly string[]): unknown {
  if (types.some((type) => isOfType(value, type))) return value;
  if (typeof value === "number" && types.includes("string")) return String(value);
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (types.includes("boolean") && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const isNumeric = types.includes("integer") || types.includes("number");
  return isNumeric && /^-?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : value;
}

function toTypes(type: unknown): readonly string[] {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? type.filter((each) => typeof each === "string") : [];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "null":
      return value === null;
    case "string":
    case "boolean":
      return typeof value === type;
    default:
      return true;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
