import { expect, test } from "bun:test";
import { chooseStale, toDailyName } from "./retention.ts";

const dayMs = 86_400_000;
const start = Date.UTC(2026, 0, 1);

function after(days: number): string[] {
  let names: string[] = ["mine.db", "nanoclaw-20260101T000000Z.tar", "notes.txt"];
  for (let day = 0; day < days; day++) {
    names.push(`${toDailyName(start + day * dayMs)}.db`);
    const stale = chooseStale(names);
    names = names.filter((name) => !stale.includes(name));
  }
  return names;
}

test("a year of daily backups leaves seven days and the newest of each of four weeks before", () => {
  const kept = after(365)
    .filter((name) => name.startsWith("daily-"))
    .toSorted()
    .toReversed();
  expect(kept.slice(0, 7)).toEqual(
    Array.from({ length: 7 }, (_, back) => `${toDailyName(start + (364 - back) * dayMs)}.db`),
  );
  const older = kept.slice(7).map((name) => Date.parse(name.slice(6, 16)));
  expect(older).toHaveLength(4);
  // Sundays, the last of their weeks; the newest of them still changes from day to day.
  expect(older.slice(1).map((time) => new Date(time).getUTCDay())).toEqual([0, 0, 0]);
  expect((Date.UTC(2026, 11, 31) - (older.at(-1) ?? 0)) / dayMs).toBe(25);
});

test("what we did not name is never taken away", () => {
  expect(after(100)).toEqual(
    expect.arrayContaining(["mine.db", "nanoclaw-20260101T000000Z.tar", "notes.txt"]),
  );
});

test("a gap of months keeps what there is", () => {
  const names = ["2026-01-01", "2026-01-02", "2026-06-01"].map((day) => `daily-${day}.db`);
  expect(chooseStale(names)).toEqual([]);
});

test("of the copies before an update the last five stay", () => {
  const names = Array.from({ length: 8 }, (_, n) => `2026010${n + 1}T000000Z-before-0009-x.db`);
  expect(chooseStale(names)).toEqual(names.slice(0, 3));
});
