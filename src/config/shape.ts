import type { GenericSchema } from "valibot";

/** What the schema allows at one place of the file. */
export type Shape =
  | { readonly kind: "section"; readonly entries: Readonly<Record<string, GenericSchema>> }
  /** A map from names that people choose: they are never renamed. */
  | { readonly kind: "map"; readonly value: GenericSchema }
  | { readonly kind: "list"; readonly item: GenericSchema }
  | {
      readonly kind: "scalar";
      readonly type: ScalarType;
      readonly isSecret: boolean;
      readonly acceptsNull: boolean;
    };

/** `mixed`: a word or a number. */
export type ScalarType = "string" | "number" | "boolean" | "mixed";

export function toShape(schema: GenericSchema): Shape {
  const inner = unwrap(schema);
  if ("entries" in inner && isEntries(inner.entries)) return { kind: "section", entries: inner.entries };
  if ("item" in inner && isSchema(inner.item)) return { kind: "list", item: inner.item };
  if (inner.type === "record" && "value" in inner && isSchema(inner.value)) {
    return { kind: "map", value: inner.value };
  }
  return { kind: "scalar", type: toScalarType(inner.type), ...toTraits(schema) };
}

/** Takes `optional` and `nullable` off; a pipe carries the kind of its first part. */
function unwrap(schema: GenericSchema): GenericSchema {
  const wrapped = wrappedIn(schema);
  return wrapped === undefined ? schema : unwrap(wrapped);
}

function wrappedIn(schema: GenericSchema): GenericSchema | undefined {
  return "wrapped" in schema && isSchema(schema.wrapped) ? schema.wrapped : undefined;
}

function isSchema(value: unknown): value is GenericSchema {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "schema";
}

function isEntries(value: unknown): value is Readonly<Record<string, GenericSchema>> {
  return typeof value === "object" && value !== null && Object.values(value).every(isSchema);
}

function toTraits(schema: GenericSchema): { readonly isSecret: boolean; readonly acceptsNull: boolean } {
  const pipe: readonly unknown[] = "pipe" in schema && Array.isArray(schema.pipe) ? schema.pipe : [];
  const wrapped = wrappedIn(schema);
  const inner = wrapped === undefined ? { isSecret: false, acceptsNull: false } : toTraits(wrapped);
  return {
    isSecret: inner.isSecret || pipe.some(marksSecret),
    acceptsNull: inner.acceptsNull || schema.type === "nullable",
  };
}

function marksSecret(part: unknown): boolean {
  return typeof part === "object" && part !== null && "type" in part && part.type === "metadata";
}

function toScalarType(type: string): ScalarType {
  if (type === "union") return "mixed";
  return type === "number" || type === "boolean" ? type : "string";
}
