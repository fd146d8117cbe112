import type { GenericSchema } from "valibot";
import { checkPart } from "./check.ts";
import { defaultConfig } from "./defaults.ts";
import { coerce, findTarget } from "./target.ts";
import type { FindVariable } from "./expand.ts";
import { findKey, interpret, type Interpretation, unknownKey } from "./interpret.ts";
import { JsoncError, type JsonNode, parseJsonc, type Range } from "./jsonc.ts";
import { findNotices } from "./notices.ts";
import { type Environment, findOverrides, type Override } from "./overrides.ts";
import { formatPath, type KeyPath } from "./path.ts";
import type { Problem } from "./problem.ts";
import { findRuleBreaks, unify } from "./rules.ts";
import { type Config, sections } from "./schema.ts";

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config; readonly notices: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a configuration whole: every problem is reported, or the result is complete. Never throws. */
export function parseConfig(
  text: string,
  environment: Environment,
  findVariable: FindVariable,
): ParsedConfig {
  const draft: Draft = {
    problems: [],
    ranges: new Map(),
    findVariable,
    schemas: new Map(),
    values: new Map(),
    variables: new Map(),
  };
  readFile(text, draft);
  for (const override of findOverrides(environment)) readOverride(override, draft);
  const config = check(draft);
  if (config === undefined || draft.problems.length > 0) {
    return { ok: false, problems: draft.problems.toSorted(byPlace) };
  }
  return { ok: true, config: freeze(config), notices: findNotices(config, draft.ranges) };
}

type Section = keyof typeof sections;

interface Draft extends Interpretation {
  readonly schemas: Map<Section, GenericSchema>;
  readonly values: Map<Section, unknown>;
  /** Which environment variable a path came from. */
  readonly variables: Map<string, string>;
}

const sectionNames: readonly string[] = Object.keys(sections);

function readFile(text: string, draft: Draft): void {
  const root = parseRoot(text, draft);
  if (root === undefined) return;
  if (root.type !== "object") {
    draft.problems.push({ message: "the file must hold one object in { }", range: root });
    return;
  }
  for (const member of root.members) {
    const name = findSection(member.key);
    if (name === undefined) {
      draft.problems.push({ message: unknownKey(member.key, [], sectionNames), range: member.name });
    } else if (draft.values.has(name)) {
      draft.problems.push({ message: `${name} stands here for the second time`, range: member.name });
    } else {
      draft.values.set(name, interpret(member.value, schemaOf(name, draft), [name], draft));
    }
  }
}

function parseRoot(text: string, draft: Draft): JsonNode | undefined {
  try {
    return parseJsonc(text);
  } catch (error) {
    if (!(error instanceof JsoncError)) throw error;
    draft.problems.push({ message: error.message, range: error.range });
    return undefined;
  }
}

function readOverride(override: Override, draft: Draft): void {
  const [first = "", ...rest] = override.keys;
  const name = findSection(first);
  if (name === undefined) {
    draft.problems.push({ message: `${override.variable}: ${unknownKey(first, [], sectionNames)}` });
    return;
  }
  const target = findTarget(rest, schemaOf(name, draft), [name], (path) => namesAt(draft, path));
  if ("unknown" in target) {
    draft.problems.push({ message: `${override.variable}: ${target.unknown}` });
    return;
  }
  const path = target.path.slice(1);
  draft.values.set(name, replaceAt(draft.values.get(name), path, coerce(override.text, target.schema)));
  draft.variables.set(formatPath(target.path), override.variable);
}

function namesAt(draft: Draft, path: KeyPath): readonly string[] {
  const [section = "", ...keys] = path;
  const name = findSection(section);
  let value: unknown = name === undefined ? undefined : draft.values.get(name);
  for (const key of keys) value = isRecord(value) ? value[key] : undefined;
  return isRecord(value) ? Object.keys(value) : [];
}

function replaceAt(container: unknown, path: KeyPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const record = isRecord(container) ? container : {};
  return { ...record, [key]: replaceAt(record[key], rest, value) };
}

/** The complete configuration, or nothing when a part of it is wrong. */
function check(draft: Draft): Config | undefined {
  const parts: Record<string, unknown> = {};
  for (const [name, value] of draft.values) {
    const checked = checkPart(schemaOf(name, draft), value);
    if (checked.ok) {
      parts[name] = checked.value;
      continue;
    }
    for (const fault of checked.faults) {
      const path = [name, ...fault.path];
      draft.problems.push(toProblem(path, `${formatPath(path)}: ${fault.message}`, draft));
    }
  }
  if (draft.problems.length > 0) return undefined;
  // Every part has just passed its own schema, and the rest are the schema's defaults.
  const config = unify({ ...defaultConfig, ...parts }, (path) => isSet(path, draft));
  for (const { path, message } of findRuleBreaks(config)) {
    draft.problems.push(toProblem(path, `${formatPath(path)}: ${message}`, draft));
  }
  return config;
}

function isSet(path: string, draft: Draft): boolean {
  return draft.ranges.has(path) || draft.variables.has(path);
}

/** Points at the value, or at the nearest part around it that stands in the file. */
function toProblem(path: KeyPath, message: string, draft: Draft): Problem {
  for (let length = path.length; length > 0; length -= 1) {
    const around = formatPath(path.slice(0, length));
    const variable = draft.variables.get(around);
    if (variable !== undefined) return { message: `${variable}: ${message}` };
    const range: Range | undefined = draft.ranges.get(around);
    if (range !== undefined) return { message, range };
  }
  return { message };
}

function byPlace(left: Problem, right: Problem): number {
  return (left.range?.start ?? Infinity) - (right.range?.start ?? Infinity) || 0;
}

function schemaOf(name: Section, draft: Draft): GenericSchema {
  const schema = draft.schemas.get(name) ?? sections[name]();
  draft.schemas.set(name, schema);
  return schema;
}

function findSection(key: string): Section | undefined {
  const name = findKey(key, sectionNames);
  return name !== undefined && isSection(name) ? name : undefined;
}

function isSection(name: string): name is Section {
  return Object.hasOwn(sections, name);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}
