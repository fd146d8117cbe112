const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Offsets are asked for once in each such stretch, of which none holds two changes. */
const stretchMs = 24 * hourMs;
/** More than any two places differ, so that both sides of a change are in sight. */
const sightMs = 38 * hourMs;
const mostStretches = 1024;

interface Stretch {
  readonly before: number;
  /** The first instant at which the offset is another. */
  readonly changeAt: number | undefined;
  readonly after: number;
}

/** Throws `RangeError` for a name that this machine does not know. */
export function createZone(name: string): Zone {
  return new Zone(name);
}

/**
 * The clock on the wall somewhere. Its times are numbers too: the epoch milliseconds at which a wall clock in UTC shows
 * the same, so that days and hours are plain arithmetic.
 */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #stretches = new Map<number, Stretch>();

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    this.name = this.#format.resolvedOptions().timeZone;
  }

  toWall(instant: number): number {
    return instant + this.offsetAt(instant);
  }

  /** Milliseconds before UTC. */
  offsetAt(instant: number): number {
    const { before, changeAt, after } = this.#stretchOf(instant);
    return changeAt !== undefined && instant >= changeAt ? after : before;
  }

  /**
   * The first instant at which the clock shows `wall` or, where it jumps over it, has passed it. An hour that comes twice
   * is its first.
   */
  firstInstant(wall: number): number {
    const change = this.findChange(wall - sightMs, wall + sightMs);
    if (change === undefined) return wall - this.offsetAt(wall - sightMs);
    const early = wall - this.offsetAt(change - 1);
    if (early < change) return early;
    return Math.max(change, wall - this.offsetAt(change));
  }

  /** The first change of the offset after `from`, and not after `to`. */
  findChange(from: number, to: number): number | undefined {
    for (let at = startOf(from); at <= to; at += stretchMs) {
      const { changeAt } = this.#stretchOf(at);
      if (changeAt !== undefined && changeAt > from && changeAt <= to) return changeAt;
    }
    return undefined;
  }

  /** Islands have moved over the date line: a day can be missing as a whole. */
  hasDay(wall: number): boolean {
    const midnight = Math.floor(wall / (24 * hourMs)) * 24 * hourMs;
    return this.toWall(this.firstInstant(midnight)) < midnight + 24 * hourMs;
  }

  #stretchOf(instant: number): Stretch {
    const start = startOf(instant);
    const known = this.#stretches.get(start);
    if (known !== undefined) return known;
    if (this.#stretches.size >= mostStretches) this.#stretches.clear();
    const before = this.#ask(start);
    const after = this.#ask(start + stretchMs);
    const changeAt = before === after ? undefined : this.#bisect(start, start + stretchMs, before);
    const stretch = { before, changeAt: changeAt === start + stretchMs ? undefined : changeAt, after };
    this.#stretches.set(start, stretch);
    return stretch;
  }

  /** Changes fall on whole seconds. */
  #bisect(from: number, to: number, before: number): number {
    let [low, high] = [from / 1000, to / 1000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle * 1000) === before) low = middle;
      else high = middle;
    }
    return high * 1000;
  }

  #ask(instant: number): number {
    const fields: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) fields[type] = value;
    const year = fields["era"] === "BC" ? 1 - Number(fields["year"]) : Number(fields["year"]);
    const [month, day, hour, minute, second] = ["month", "day", "hour", "minute", "second"].map((name) =>
      Number(fields[name]),
    );
    const wall = new Date(0);
    wall.setUTCFullYear(year, (month ?? 1) - 1, day);
    wall.setUTCHours(hour ?? 0, minute, second);
    return wall.getTime() - Math.floor(instant / 1000) * 1000;
  }
}

function startOf(instant: number): number {
  return Math.floor(instant / stretchMs) * stretchMs;
}
