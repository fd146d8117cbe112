import type { CronPattern } from "./cron.ts";
import { nextWall } from "./cron.ts";
import type { Zone } from "./zone.ts";

/** When something is due. */
export type Schedule =
  | { readonly kind: "cron"; readonly pattern: CronPattern; readonly zone: Zone }
  /** On the grid that begins at `anchor`, whatever the clocks of people do. */
  | { readonly kind: "interval"; readonly everyMs: number; readonly anchor: number }
  | { readonly kind: "once"; readonly at: number };

/** The first occurrence after that instant. Undefined: there is none any more. */
export function nextAfter(schedule: Schedule, after: number): number | undefined {
  switch (schedule.kind) {
    case "cron":
      return schedule.pattern.isHourly ? nextPassing(schedule, after) : nextOfDay(schedule, after);
    case "interval": {
      const { everyMs, anchor } = schedule;
      const steps = Math.max(1, Math.floor((after - anchor) / everyMs) + 1);
      return anchor + steps * everyMs;
    }
    case "once":
      return schedule.at > after ? schedule.at : undefined;
    default:
      return schedule satisfies never;
  }
}

export interface Latest {
  /** At most as many as were asked for, the oldest first. */
  readonly instants: readonly number[];
  /** There are others before them. */
  readonly hasMore: boolean;
}

/** The last occurrences from `from` on, which may be one, up to `until`, however long that is: what came in between is not gone through. */
export function latestBetween(schedule: Schedule, from: number, until: number, most: number): Latest {
  for (let span = 60_000; ; span *= 8) {
    const start = Math.max(from - 1, until - span);
    const instants: number[] = [];
    for (let at = nextAfter(schedule, start); at !== undefined && at <= until;) {
      instants.push(at);
      at = nextAfter(schedule, at);
    }
    if (instants.length > most) return { instants: instants.slice(-most), hasMore: true };
    if (start < from) return { instants, hasMore: false };
  }
}

type Cron = Extract<Schedule, { readonly kind: "cron" }>;

/**
 * Times of a day: each of a day that there is, once. Where the clock jumps over it, it is the first instant behind the
 * jump; where the clock goes back over it, the first of the two.
 */
function nextOfDay({ pattern, zone }: Cron, after: number): number | undefined {
  for (let wall = nextWall(pattern, zone.toWall(after)); wall !== undefined; wall = nextWall(pattern, wall)) {
    const instant = zone.firstInstant(wall);
    if (instant > after && zone.hasDay(wall)) return instant;
  }
  return undefined;
}

/** Every hour is meant: whatever the clock shows as it passes, twice if it shows it twice. */
function nextPassing({ pattern, zone }: Cron, after: number): number | undefined {
  let offset = zone.offsetAt(after);
  for (let [from, seen] = [after, after]; ;) {
    const wall = nextWall(pattern, from + offset);
    if (wall === undefined) return undefined;
    const change = zone.findChange(seen, wall - offset);
    if (change === undefined) return wall - offset;
    // From the change on, itself included, it is another clock.
    offset = zone.offsetAt(change);
    [from, seen] = [change - 1, change];
  }
}
