/** Seconds, as the nodes have it. */
export function now(): string {
  return String(Math.floor(Date.now() / 1000));
}
