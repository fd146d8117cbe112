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

export type ScalarType = "string" | "number" | "boolean";

export function toShape(schema: GenericSchema): Shape {
  const inner = unwrap(schema);
  if ("entries" in inner) return { kind: "section", entries: inner.entries as Record<string, GenericSchema> };
  if (inner.type === "record" && "value" in inner) {
    return { kind: "map", value: inner.value as GenericSchema };
  }
  if ("item" in inner) return { kind: "list", item: inner.item as GenericSchema };
  return { kind: "scalar", type: toScalarType(inner.type), ...toTraits(schema) };
}

/** Takes `optional` and `nullable` off; a pipe carries the kind of its first part. */
function unwrap(schema: GenericSchema): GenericSchema {
  return "wrapped" in schema ? unwrap(schema.wrapped as GenericSchema) : schema;
}

function toTraits(schema: GenericSchema): { readonly isSecret: boolean; readonly acceptsNull: boolean } {
  const pipe: readonly unknown[] = "pipe" in schema && Array.isArray(schema.pipe) ? schema.pipe : [];
  const inner =
    "wrapped" in schema ? toTraits(schema.wrapped as GenericSchema) : { isSecret: false, acceptsNull: false };
  return {
    isSecret: inner.isSecret || pipe.some(marksSecret),
    acceptsNull: inner.acceptsNull || schema.type === "nullable",
  };
}

function marksSecret(part: unknown): boolean {
  return typeof part === "object" && part !== null && "type" in part && part.type === "metadata";
}

function toScalarType(type: string): ScalarType {
  return type === "number" || type === "boolean" ? type : "string";
}
