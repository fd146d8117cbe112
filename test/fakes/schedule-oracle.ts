import { createChoice } from "./random.ts";

/** A rule as sets, so that neither its text nor the program's reading of it is needed to know what it means. */
export interface OracleRule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Clocks change at such times of UTC only; `checkQuarters` holds the zones of the tests to it. */
const quarterMs = 15 * minuteMs;

/** What a clock on the wall shows at each quarter of an hour, asked of `Intl` one by one. */
export class WallTable {
  readonly from: number;
  readonly until: number;
  readonly #offsets: Int32Array;

  constructor(zone: string, from: number, until: number) {
    this.from = from;
    this.until = until;
    this.#offsets = new Int32Array(Math.ceil((until - from) / quarterMs) + 1);
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    for (let index = 0; index < this.#offsets.length; index++) {
      const at = from + index * quarterMs;
      this.#offsets[index] = Date.parse(`${format.format(at).replace(" ", "T")}Z`) - at;
    }
  }

  wallAt(instant: number): number {
    return instant + (this.#offsets[Math.floor((instant - this.from) / quarterMs)] ?? 0);
  }
}

/**
 * All occurrences in the table's time, found by letting the clock run minute by minute: who means every hour is due
 * whenever the clock shows it; who means times of a day is due when the clock first shows or has passed each of a day that
 * it shows at all.
 */
export function listOccurrences(rule: OracleRule, table: WallTable): number[] {
  const found: number[] = [];
  const matches = createMatcher(rule);
  const isHourly = rule.hours.size === 24;
  let high = table.wallAt(table.from);
  for (let at = table.from + minuteMs; at <= table.until; at += minuteMs) {
    const wall = table.wallAt(at);
    if (isHourly) {
      if (matches(wall)) found.push(at);
      continue;
    }
    if (wall <= high) continue;
    for (let passed = high + minuteMs; passed <= wall; passed += minuteMs) {
      const isShown = toDay(passed) === toDay(wall) || toDay(passed) === toDay(high);
      if (!isShown || !matches(passed)) continue;
      found.push(at);
      break;
    }
    high = wall;
  }
  return found;
}

function toDay(wall: number): number {
  return Math.floor(wall / dayMs);
}

function createMatcher(rule: OracleRule): (wall: number) => boolean {
  const { minutes, hours, days, months, weekdays } = rule;
  const known = new Map<number, boolean>();
  const isEither = days.size < 31 && weekdays.size < 7;
  const isDay = (day: number): boolean => {
    const date = new Date(day * dayMs);
    const [inMonth, inWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    return months.has(date.getUTCMonth() + 1) && (isEither ? inMonth || inWeek : inMonth && inWeek);
  };
  return (wall) => {
    const time = Math.floor(wall / minuteMs) % 1440;
    if (!minutes.has(time % 60) || !hours.has(Math.floor(time / 60))) return false;
    const day = toDay(wall);
    const isKnown = known.get(day);
    if (isKnown !== undefined) return isKnown;
    const is = isDay(day);
    known.set(day, is);
    return is;
  };
}

export interface RandomRule {
  readonly rule: OracleRule;
  readonly text: string;
}

/** Rules as people write them, and odd ones; each also as the text of a cron expression. */
export function createRules(seed: number): () => RandomRule {
  const pick = createChoice(seed);
  const field = (least: number, most: number, isAll: boolean): readonly [string, ReadonlySet<number>] => {
    const all = Array.from({ length: most - least + 1 }, (_, index) => least + index);
    if (isAll) return ["*", new Set(all)];
    const [a, b] = [least + pick(all.length), least + pick(all.length)].toSorted((x, y) => x - y);
    const [low = least, high = most] = [a, b];
    switch (pick(4)) {
      case 0:
        return [String(low), new Set([low])];
      case 1:
        return [`${low},${high}`, new Set([low, high])];
      case 2:
        return [`${low}-${high}`, new Set(all.filter((each) => each >= low && each <= high))];
      default: {
        const step = 2 + pick(Math.min(12, most - least));
        return [`*/${step}`, new Set(all.filter((each) => (each - least) % step === 0))];
      }
    }
  };
  return () => {
    // Most that can go wrong goes wrong at night.
    const isNight = pick(3) === 0;
    const hour = pick(4);
    const [hourText, hours] = isNight ? [String(hour), new Set([hour])] : field(0, 23, pick(4) === 0);
    const [minuteText, minutes] = field(0, 59, pick(8) === 0);
    const [dayText, days] = field(1, 31, pick(3) > 0);
    const [monthText, months] = field(1, 12, pick(3) > 0);
    const [weekdayText, weekdays] = field(0, 6, pick(3) > 0);
    const text = [minuteText, hourText, dayText, monthText, weekdayText].join(" ");
    return { text, rule: { minutes, hours, days, months, weekdays } };
  };
}
