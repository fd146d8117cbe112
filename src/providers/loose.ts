/**
 * A vendor's type with nothing taken for granted: field names are checked by the compiler, every value is
 * `unknown` until it has been looked at. Reading a field of what is no object gives `undefined`, never a throw.
 */
export type Loose<T> = [Extract<T, object>] extends [never] ? unknown : LooseObject<Extract<T, object>>;

type LooseObject<T> = [T] extends [readonly unknown[]]
  ? unknown
  : { readonly [K in Keys<T>]?: Loose<Field<T, K>> | null };

type Keys<T> = T extends unknown ? keyof T : never;

type Field<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;

export function toLoose<T>(value: unknown): Loose<T> | undefined {
  return isObject(value) ? value : undefined;
}

export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** No model counts this far: what is above, negative or no number is a broken report and must not spoil a budget. */
const mostTokens = 100_000_000;

export function toTokens(value: unknown): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) return undefined;
  return Math.min(Math.trunc(value), mostTokens);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
