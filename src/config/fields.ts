import * as v from "valibot";
import { Secret } from "../secret.ts";

/** The building blocks of the schema: each is one kind of value with its default. */

export function text(fallback: string) {
  return v.optional(v.string(), fallback);
}

/** Text that may be left out; `null` says so in a file. */
export function maybeText() {
  return v.optional(v.nullable(v.string()), null);
}

export function flag(fallback: boolean) {
  return v.optional(v.boolean(), fallback);
}

export function maybeFlag() {
  return v.optional(v.nullable(v.boolean()), null);
}

export function whole(fallback: number, least: number, most: number) {
  return v.optional(bounded(least, most), fallback);
}

export function maybeWhole(least: number, most: number) {
  return v.optional(v.nullable(bounded(least, most)), null);
}

export function fraction(fallback: number, least: number, most: number) {
  return v.optional(v.pipe(v.number(), v.minValue(least), v.maxValue(most)), fallback);
}

export function maybeFraction(least: number, most: number) {
  return v.optional(v.nullable(v.pipe(v.number(), v.minValue(least), v.maxValue(most))), null);
}

export function oneOf<const Names extends readonly string[]>(names: Names, fallback: Names[number]) {
  return v.optional(v.picklist(names), fallback);
}

/** A step or a number of tokens. */
export function maybeThinking() {
  const steps = v.picklist(["off", "low", "medium", "high"]);
  return v.optional(v.nullable(v.union([steps, bounded(1024, 1_000_000)])), null);
}

export function texts(fallback: readonly string[]) {
  return v.optional(v.array(v.string()), [...fallback]);
}

/** A key, token or password: wrapped as soon as it is read. Empty text and `null` mean that there is none. */
export function secret() {
  return v.optional(
    v.pipe(v.nullable(v.string()), v.metadata({ secret: true }), v.transform(toSecret)),
    null,
  );
}

/** Values that often are secrets (headers, environments) under names that are never renamed. */
export function secretMap() {
  return v.optional(v.pipe(v.nullable(v.record(v.string(), secretText())), v.transform(toMap)), null);
}

/** An object whose every key may be left out. */
export function section<const Entries extends v.ObjectEntries>(entries: Entries) {
  const schema = v.strictObject(entries);
  type Input = v.InferInput<typeof schema>;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each entry has a default of its own
  return v.optional<typeof schema, Input>(schema, {} as Input);
}

function secretText() {
  return v.pipe(
    v.string(),
    v.metadata({ secret: true }),
    v.transform((value) => new Secret(value)),
  );
}

function bounded(least: number, most: number) {
  return v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
}

function toSecret(value: string | null): Secret | undefined {
  return value === null || value === "" ? undefined : new Secret(value);
}

function toMap(value: Record<string, Secret> | null): Record<string, Secret> {
  return value ?? {};
}
