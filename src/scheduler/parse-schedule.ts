import { AppError } from "../errors.ts";
import { findNearestWord } from "../nearest-word.ts";
import { taskWords } from "../words/english/task.ts";
import { parseCron } from "./cron.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { formatInstant } from "./format-instant.ts";
import { nextAfter, type Schedule } from "./schedule.ts";
import { createZone, type Zone } from "./zone.ts";

/** When, as somebody wrote it; one of them. */
export interface WrittenSchedule {
  readonly cron?: string | undefined;
  readonly every?: string | undefined;
  readonly at?: string | undefined;
  readonly in?: string | undefined;
}

/** As it is stored. */
export interface StoredSchedule {
  readonly kind: Schedule["kind"];
  readonly rule: string;
  readonly anchor: number;
}

export interface ScheduleFacts {
  readonly now: number;
  readonly zone: Zone;
  /** No two occurrences may be closer. */
  readonly leastMs: number;
}

const longestAhead = 100 * 366 * 86_400_000;
/** A clock that says less was never set. */
const earliestNow = Date.UTC(2024, 0, 1);

/** Whether anything can be said of times by this clock. */
export function isClockSet(now: number): boolean {
  return now >= earliestNow;
}

/** Throws `AppError("usage")` that says what cannot be: a time that is over, an expression that means nothing. */
export function parseSchedule(written: WrittenSchedule, facts: ScheduleFacts): StoredSchedule {
  const { now } = facts;
  if (!isClockSet(now))
    throw new AppError("usage", taskWords.clockUnset({ year: new Date(now).getUTCFullYear() }));
  const given = (["cron", "every", "at", "in"] as const).flatMap((name) => {
    const text = written[name];
    return text === undefined ? [] : [{ name, text }];
  });
  const [one, other] = given;
  if (one === undefined) throw new AppError("usage", taskWords.noSchedule());
  if (other !== undefined) {
    throw new AppError("usage", taskWords.twoSchedules({ first: one.name, second: other.name }));
  }
  const stored = toStored(one.name, one.text, facts);
  checkDistance(toSchedule(stored, facts.zone), facts);
  return stored;
}

/** What a row holds, as something that can be asked for its next occurrence. Throws for a row that we did not write. */
export function toSchedule({ kind, rule, anchor }: StoredSchedule, zone: Zone): Schedule {
  switch (kind) {
    case "cron": {
      const parsed = parseCron(rule);
      if (!parsed.ok)
        throw new AppError("usage", taskWords.badCron({ expression: rule, problem: parsed.problem }));
      return { kind, pattern: parsed.pattern, zone };
    }
    case "interval":
      return { kind, everyMs: Number(rule), anchor };
    case "once":
      return { kind, at: Number(rule) };
    default:
      return kind satisfies never;
  }
}

/** Throws `AppError("usage")` with the name that was probably meant. */
export function findZone(name: string): Zone {
  try {
    return createZone(name);
  } catch (cause) {
    const known = Intl.supportedValuesOf("timeZone");
    const nearest = findNearestWord(name, known) ?? known.find((each) => each.endsWith(`/${toCity(name)}`));
    throw new AppError("usage", taskWords.unknownZone({ zone: name.slice(0, 60), nearest }), { cause });
  }
}

function toCity(name: string): string {
  const city = name.trim().replaceAll(" ", "_");
  return city.slice(0, 1).toUpperCase() + city.slice(1);
}

function toStored(name: keyof WrittenSchedule, text: string, { now, zone }: ScheduleFacts): StoredSchedule {
  switch (name) {
    case "cron": {
      const parsed = parseCron(text);
      if (parsed.ok) return { kind: "cron", rule: text.trim().replaceAll(/\s+/g, " "), anchor: now };
      const expression = text.length > 60 ? `${text.slice(0, 60)}…` : text;
      throw new AppError("usage", taskWords.badCron({ expression, problem: parsed.problem }));
    }
    case "every":
      return { kind: "interval", rule: String(toDuration(text)), anchor: now };
    case "in":
      return { kind: "once", rule: String(now + toDuration(text)), anchor: now };
    case "at": {
      const at = parseTime(text, now, zone);
      if (at === undefined) throw new AppError("usage", taskWords.badTime({ text: text.slice(0, 60) }));
      const said = formatInstant(at, zone);
      if (at <= now) throw new AppError("usage", taskWords.past({ at: said, now: formatInstant(now, zone) }));
      return { kind: "once", rule: String(at), anchor: now };
    }
    default:
      return name satisfies never;
  }
}

function toDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || !Number.isSafeInteger(ms)) {
    throw new AppError("usage", taskWords.badDuration({ text: text.slice(0, 60) }));
  }
  if (ms > longestAhead) throw new AppError("usage", taskWords.tooFar({ at: text.slice(0, 60) }));
  return ms;
}

const timePattern =
  /^(?:(\d{4})-(\d{2})-(\d{2})[T ])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** With an offset it is that instant; without one, what the zone's clock shows; a time alone is the next such time. */
function parseTime(text: string, now: number, zone: Zone): number | undefined {
  const match = timePattern.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", offset] = match;
  const today = new Date(zone.toWall(now));
  const [y, m, d] =
    year === undefined
      ? [today.getUTCFullYear(), today.getUTCMonth() + 1, today.getUTCDate()]
      : [Number(year), Number(month), Number(day)];
  const wall = new Date(0);
  wall.setUTCFullYear(y, m - 1, d);
  wall.setUTCHours(Number(hour), Number(minute), Number(second));
  const isReal =
    wall.getUTCMonth() === m - 1 &&
    wall.getUTCDate() === d &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!isReal) return undefined;
  if (offset !== undefined) return wall.getTime() - toOffset(offset);
  const at = zone.firstInstant(wall.getTime());
  return year === undefined && at <= now ? zone.firstInstant(wall.getTime() + 86_400_000) : at;
}

function toOffset(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(-2))];
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** As many as are looked at: a schedule is judged by its nearest. */
const looked = 20;

function checkDistance(schedule: Schedule, { now, zone, leastMs }: ScheduleFacts): void {
  let last = nextAfter(schedule, now);
  if (last !== undefined && last - now > longestAhead) {
    throw new AppError("usage", taskWords.tooFar({ at: formatInstant(last, zone) }));
  }
  for (let n = 0; n < looked && last !== undefined; n++) {
    const next = nextAfter(schedule, last);
    if (next !== undefined && next - last < leastMs) {
      throw new AppError("usage", taskWords.tooOften({ least: formatDuration(leastMs) }));
    }
    last = next;
  }
}
