/**
 * How often something random or slow is repeated: at a desk as often as the first number says, before a change lands
 * as often as the second. What is proved is the same; only the luck that it takes to miss a fault differs.
 */
export function rounds(atDesk: number, inCi: number): number {
  return Bun.env["NANOCLAW_CI"] === "1" ? inCi : atDesk;
}
