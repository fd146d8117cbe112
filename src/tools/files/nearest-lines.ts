import { toVisibleLine } from "../visible.ts";

const mostLines = 20_000;
const shownLines = 3;
const leastSimilarity = 0.4;

/** The lines most like the first line of `wanted`, as `12: text`, best first; none that are nothing like it. */
export function findNearestLines(text: string, wanted: string): readonly string[] {
  const first = wanted.split("\n").find((line) => line.trim() !== "");
  if (first === undefined) return [];
  const pairs = toPairs(first);
  return text
    .split(/\r?\n/, mostLines)
    .map((line, index) => ({ line, number: index + 1, similarity: compare(pairs, toPairs(line)) }))
    .filter(({ similarity }) => similarity >= leastSimilarity)
    .sort((left, right) => right.similarity - left.similarity)
    .slice(0, shownLines)
    .map(({ line, number }) => `${number}: ${toVisibleLine(line, 200)}`);
}

/** Neighbouring characters without white space: what differs only there counts as the same. */
function toPairs(line: string): ReadonlySet<string> {
  const text = line.slice(0, 500).toLowerCase().replace(/\s+/g, "");
  const pairs = new Set<string>();
  for (let index = 0; index + 1 < text.length; index += 1) pairs.add(text.slice(index, index + 2));
  return pairs.size === 0 && text !== "" ? new Set([text]) : pairs;
}

/** Dice's coefficient: 1 for the same pairs, 0 for none in common. */
function compare(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  if (left.size === 0 || right.size === 0) return 0;
  let common = 0;
  for (const pair of left) if (right.has(pair)) common += 1;
  return (2 * common) / (left.size + right.size);
}
