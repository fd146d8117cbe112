import { addUsage } from "../providers/provider.ts";
import type { Database } from "./database.ts";
import type { GroupId } from "./ids.ts";
import { sumUsageByGroup, type GroupUsage } from "./usage.ts";

/**
 * What models were used since a time, kept in memory: it is asked for before each call of a model, and a day may have had
 * a hundred thousand. Only rows that came since the last look are read, also those of other processes: rows of `usage`
 * are added in the order of their ids, and never changed or deleted.
 */
export class DayUsage {
  readonly #database: Database;
  #last: Sums | undefined;

  // Not any `Reader`: what a transaction has written and takes back would stay in the sums.
  constructor(database: Database) {
    this.#database = database;
  }

  async since(start: number): Promise<readonly GroupUsage[]> {
    const before = this.#last?.start === start ? this.#last : { start, lastId: 0, byKey: new Map() };
    // Sums are never changed: of two looks at once, each adds to what it began from.
    const after = add(before, await sumUsageByGroup(this.#database, start, before.lastId));
    if (this.#last?.start !== start || this.#last.lastId < after.lastId) this.#last = after;
    return [...after.byKey.values()];
  }
}

interface Sums {
  readonly start: number;
  /** The last row that is in them. */
  readonly lastId: number;
  readonly byKey: ReadonlyMap<string, GroupUsage>;
}

function add(before: Sums, rows: readonly (GroupUsage & { readonly lastId: number })[]): Sums {
  if (rows.length === 0) return before;
  const byKey = new Map(before.byKey);
  for (const { lastId: _, ...row } of rows) {
    const key = toKey(row.group, row.provider, row.model);
    byKey.set(key, join(byKey.get(key), row));
  }
  return { ...before, lastId: Math.max(...rows.map(({ lastId }) => lastId)), byKey };
}

function toKey(group: GroupId, provider: string, model: string): string {
  return JSON.stringify([group, provider, model]);
}

function join(before: GroupUsage | undefined, row: GroupUsage): GroupUsage {
  if (before === undefined) return row;
  return { ...row, calls: before.calls + row.calls, usage: addUsage(before.usage, row.usage) };
}
