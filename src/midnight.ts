import { findUtcOffsetMinutes } from "./libc.ts";

/**
 * When the day of a time began, where this machine is. Not by `setHours`: the first local time that a process asks the
 * engine for costs twelve milliseconds, a third of a first answer.
 */
export function toMidnight(now: number): number {
  const offsetAt = (time: number): number => findUtcOffsetMinutes(new Date(time)) * minuteMs;
  const offset = offsetAt(now);
  // As the wall has it, as if it were UTC.
  const today = Math.floor((now + offset) / dayMs) * dayMs;
  const guess = today - offset;
  // Clocks that were set since the day began, or when it began: the first time that is of this day is its beginning.
  const offsets = [offset, offsetAt(guess), offsetAt(guess - dayMs / 2)];
  return Math.min(...offsets.map((each) => today - each).filter((time) => time + offsetAt(time) >= today));
}

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
