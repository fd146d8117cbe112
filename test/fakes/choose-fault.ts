/** By chance one of these, or none: of a hundred each has its share. */
export function chooseFault<Fault>(
  faults: readonly (readonly [share: number, fault: Fault])[],
  random: () => number,
): Fault | undefined {
  let left = random() * 100;
  for (const [share, fault] of faults) {
    left -= share;
    if (left < 0) return fault;
  }
  return undefined;
}
