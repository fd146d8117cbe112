/**
 * Where the time of a start goes. `mark` names the phase that ends now. Without `startTrace` it does nothing and keeps
 * nothing, so it may stand on the hottest path.
 */
export function mark(phase: string): void {
  marks?.push({ phase, at: performance.now() });
}

/** From here on marks are kept. Time counts from the start of the process. */
export function startTrace(): void {
  marks ??= [];
}

interface Mark {
  readonly phase: string;
  readonly at: number;
}

/**
 * The one piece of state that belongs to the process and not to a caller: handed down, it would be an argument of every
 * function between the command line and the wire, for the sake of a few lines that only a developer asks for.
 */
let marks: Mark[] | undefined;

const widest = 40;

/** A line for each phase: what it took, when it ended, and a bar where it stood in the whole. Nothing when there is no trace. */
export function formatTrace(): string {
  const end = marks?.at(-1)?.at ?? 0;
  const rows = (marks ?? []).map(({ phase, at }, index) => ({
    phase,
    from: marks?.[index - 1]?.at ?? 0,
    at,
  }));
  const width = Math.max(0, ...rows.map(({ phase }) => phase.length));
  return rows
    .map(({ phase, from, at }) => {
      const [first, last] = [from, at].map((time) => Math.round((time / end) * widest));
      const bar = " ".repeat(first ?? 0) + "█".repeat(Math.max((last ?? 0) - (first ?? 0), 0));
      const figures = [at - from, at].map((ms) => ms.toFixed(2).padStart(8)).join("");
      return `${phase.padEnd(width)}${figures} ms  ${bar}`.trimEnd() + "\n";
    })
    .join("");
}
