import type { Figures } from "./measure.ts";

/** One budget, what was measured for it, and the floor of the same run. */
export interface BenchRow {
  readonly name: string;
  readonly unit: "ms" | "MB" | "tokens" | "%" | "per s";
  readonly figures: Figures;
  /** Taken in the same run. */
  readonly floor?: { readonly name: string; readonly figures: Figures };
  /** The most that the median may be, as it stands or as a multiple of the floor's; or the least. */
  readonly budget?: Budget;
}

export type Budget = { readonly most: number } | { readonly timesFloor: number } | { readonly least: number };

export interface BenchReport {
  readonly bun: string;
  readonly processor: string;
  readonly rounds: number;
  readonly rows: readonly BenchRow[];
}

/** The most that the median may be, in the row's unit; nothing when there is no budget. */
export function findMost({ floor, budget }: BenchRow): number | undefined {
  if (budget === undefined || "least" in budget) return undefined;
  return "most" in budget ? budget.most : budget.timesFloor * (floor?.figures.p50 ?? Number.NaN);
}

/** A row without a budget is within it; one that could not be measured is not. */
export function isWithinBudget(row: BenchRow): boolean {
  if (row.budget !== undefined && "least" in row.budget) return row.figures.p50 >= row.budget.least;
  const most = findMost(row);
  return most === undefined || row.figures.p50 <= most;
}

export function toTable(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => {
    const { name, unit, figures, floor, budget } = row;
    const ratio =
      floor === undefined
        ? ""
        : `${(figures.p50 / floor.figures.p50).toFixed(2)} x ${floor.name} (${toNumber(floor.figures.p50).trim()})`;
    const most = toLimit(budget);
    const spread = unit === "ms" ? `${toNumber(figures.min)}${toNumber(figures.p95)}` : " ".repeat(16);
    return `${isWithinBudget(row) ? "ok  " : "MISS"} ${name.padEnd(27)}${toNumber(figures.p50)}${spread} ${unit.padEnd(7)} ${most.padEnd(9)} ${ratio}`.trimEnd();
  });
  return [`     ${" ".repeat(27)}     p50     min     p95         budget    against`, ...lines].join("\n");
}

function toLimit(budget: Budget | undefined): string {
  if (budget === undefined) return "";
  if ("least" in budget) return `>= ${budget.least}`;
  return "most" in budget ? `<= ${budget.most}` : `<= ${budget.timesFloor} x`;
}

function toNumber(value: number): string {
  return (Number.isNaN(value) ? "-" : value.toFixed(value < 100 ? 1 : 0)).padStart(8);
}
