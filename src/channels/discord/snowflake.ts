/** When Discord's numbers begin. */
const epochMs = 1_420_070_400_000n;

/** The first number that Discord could have given at a time. */
export function toSnowflake(time: number): string {
  const since = BigInt(Math.floor(time)) - epochMs;
  return (since < 0n ? 0n : since << 22n).toString();
}

/** When a number was given: epoch milliseconds. */
export function toTime(snowflake: string): number {
  return Number((BigInt(snowflake) >> 22n) + epochMs);
}

/** A number that Discord gave: digits only, as nothing else is put into an address. */
export function isSnowflake(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,20}$/.test(value);
}

export function laterOf(one: string, other: string): string {
  return BigInt(one) >= BigInt(other) ? one : other;
}
