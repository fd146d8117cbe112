/** One measured size, and the most that it may be. */
export interface SizeRow {
  readonly name: string;
  readonly value: number;
  readonly budget?: number;
}

export function isOverBudget({ value, budget }: SizeRow): boolean {
  return budget !== undefined && value > budget;
}
