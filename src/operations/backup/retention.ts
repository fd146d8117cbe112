const dayMs = 86_400_000;

/** How many copies of the database stay: of days, and of weeks before those. */
export const retention = { daily: 7, weekly: 4, beforeUpdate: 5 } as const;

/** `daily-2026-11-26.db`: the day in UTC. */
export function toDailyName(now: number): string {
  return `daily-${new Date(now).toISOString().slice(0, 10)}`;
}

/**
 * Which files of the `backups` folder are no longer needed: all copies but the newest seven of a day, the newest of each
 * of the four weeks before them, and the last five that were made before an update. What we did not name stays.
 */
export function chooseStale(names: readonly string[]): string[] {
  const days = names
    .flatMap((name) => {
      const day = /^daily-(\d{4}-\d{2}-\d{2})\.db$/.exec(name)?.[1];
      return day === undefined ? [] : [{ name, time: Date.parse(day) }];
    })
    .sort((one, other) => other.time - one.time);
  const kept = new Set(days.slice(0, retention.daily).map(({ name }) => name));
  const weeks = new Set<number>();
  for (const { name, time } of days.slice(retention.daily)) {
    if (weeks.has(toWeek(time)) || weeks.size === retention.weekly) continue;
    weeks.add(toWeek(time));
    kept.add(name);
  }
  const updates = names.filter((name) => /^\d{8}T\d{6}Z-before-.+\.db$/.test(name)).sort();
  const staleUpdates = updates.slice(0, Math.max(0, updates.length - retention.beforeUpdate));
  return [...days.map(({ name }) => name).filter((name) => !kept.has(name)), ...staleUpdates];
}

/** Weeks begin on Monday; the first day of 1970 was a Thursday. */
function toWeek(time: number): number {
  return Math.floor((time / dayMs + 3) / 7);
}
