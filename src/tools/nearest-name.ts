/** The known name that a misspelt one most likely means, if one is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = normalize(name.slice(0, 100));
  const ranked = known
    .map((candidate) => ({ candidate, distance: distance(wanted, normalize(candidate)) }))
    .sort((left, right) => left.distance - right.distance);
  const [best] = ranked;
  if (best === undefined || best.distance > Math.max(2, best.candidate.length / 2)) return undefined;
  return best.candidate;
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Levenshtein's: how many letters must be added, dropped or changed. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(left).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(right).entries()) {
      const change = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
