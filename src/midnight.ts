import { findUtcOffsetMinutes } from "./libc.ts";

/**
 * When the day of a time began, where this machine is. Not by `setHours`: the first local time that a process asks the
 * engine for costs twelve milliseconds, a third of a first answer.
 */
export function toMidnight(now: number): number {
  const today = Math.floor(toLocal(now) / dayMs) * dayMs;
  const guess = now - (toLocal(now) - today);
  // Clocks that were set since the day began, or when it began: the first time that is of this day is its beginning.
  const offsets = [now, guess, guess - halfDayMs].map((time) => toLocal(time) - time);
  return Math.min(...offsets.map((offset) => today - offset).filter((time) => toLocal(time) >= today));
}

const dayMs = 86_400_000;
const halfDayMs = dayMs / 2;

/** The wall's time, as if it were UTC. */
function toLocal(time: number): number {
  return time + findUtcOffsetMinutes(new Date(time)) * 60_000;
}
