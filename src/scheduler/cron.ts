/** Which times of the wall clock a cron expression means; each field as the set of values that it takes. */
export interface CronPattern {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: DayRule;
  readonly months: ReadonlySet<number>;
  /** Every hour is meant: it goes by the hours that pass, not by the times of a day. */
  readonly isHourly: boolean;
}

interface DayRule {
  readonly ofMonth: ReadonlySet<number>;
  readonly isLastOfMonth: boolean;
  readonly ofWeek: ReadonlySet<number>;
  /** `MON#1`, and `FRIL`, whose number is -1. */
  readonly nthOfWeek: readonly { readonly day: number; readonly nth: number }[];
  /** Both fields say something: a day that either means is meant. */
  readonly isEither: boolean;
}

export type CronParse =
  | { readonly ok: true; readonly pattern: CronPattern }
  | { readonly ok: false; readonly problem: string };

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const fields = {
  second: { name: "second", least: 0, most: 59 },
  minute: { name: "minute", least: 0, most: 59 },
  hour: { name: "hour", least: 0, most: 23 },
  day: { name: "day of the month", least: 1, most: 31 },
  month: { name: "month", least: 1, most: 12, words: months },
  weekday: { name: "day of the week", least: 0, most: 7, words: days },
} as const satisfies Record<string, Field>;

const longest = 200;

/** Five fields, or six with the seconds first, or `@daily` and its like. The problem names the field and what it takes. */
export function parseCron(expression: string): CronParse {
  const text = expression.trim();
  if (text === "") return { ok: false, problem: "it is empty" };
  if (text.length > longest) return { ok: false, problem: `it is longer than ${longest} characters` };
  if (text.startsWith("@")) {
    const known = macros[text.toLowerCase()];
    if (known !== undefined) return parseCron(known);
    return { ok: false, problem: `there is no ${text}; known: ${Object.keys(macros).join(", ")}` };
  }
  const parts = text.split(/\s+/);
  if (parts.length !== 5 && parts.length !== 6) {
    return { ok: false, problem: `it has ${parts.length} fields and needs 5, or 6 with the seconds first` };
  }
  const [second = "", minute = "", hour = "", day = "", month = "", weekday = ""] =
    parts.length === 5 ? ["0", ...parts] : parts;
  try {
    const hours = parseField(hour, fields.hour);
    const pattern = {
      seconds: parseField(second, fields.second),
      minutes: parseField(minute, fields.minute),
      hours,
      months: parseField(month, fields.month),
      days: parseDays(day, weekday),
      isHourly: hours.size === 24,
    };
    if (nextWall(pattern, Date.UTC(2000, 0, 1)) === undefined) {
      return { ok: false, problem: "no day of any year is meant by it" };
    }
    return { ok: true, pattern };
  } catch (error) {
    if (error instanceof CronProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

class CronProblem extends Error {}

function parseDays(day: string, weekday: string): DayRule {
  const dayItems = day.split(",");
  const plainDays = dayItems.filter((item) => item.toUpperCase() !== "L");
  const isLastOfMonth = plainDays.length < dayItems.length;
  const nthOfWeek: { day: number; nth: number }[] = [];
  const plainWeekdays = weekday.split(",").filter((item) => {
    const match = /^(\w+?)(?:#([1-5])|L)$/i.exec(item);
    if (match === null) return true;
    nthOfWeek.push({ day: parseValue(match[1] ?? "", fields.weekday) % 7, nth: Number(match[2] ?? -1) });
    return false;
  });
  const ofMonth = plainDays.length === 0 ? new Set<number>() : parseField(plainDays.join(","), fields.day);
  const ofWeek =
    plainWeekdays.length === 0
      ? new Set<number>()
      : new Set([...parseField(plainWeekdays.join(","), fields.weekday)].map((each) => each % 7));
  return {
    ofMonth,
    isLastOfMonth,
    ofWeek,
    nthOfWeek,
    isEither: ofMonth.size < 31 && ofWeek.size < 7,
  };
}

function parseField(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const [range = "", step, ...more] = item.split("/");
    const every = step === undefined ? 1 : /^\d{1,2}$/.test(step) ? Number(step) : 0;
    if (more.length > 0 || every < 1) throw problem(item, field);
    const [first, last] = parseRange(range, step !== undefined, field);
    for (let value = first; value <= last; value += every) values.add(value);
  }
  return values;
}

function parseRange(text: string, hasStep: boolean, field: Field): readonly [number, number] {
  // Sunday is 0 and 7; all days are the seven from 0.
  const most = field === fields.weekday ? 6 : field.most;
  if (text === "*" || text === "?") return [field.least, most];
  const [from = "", to, ...more] = text.split("-");
  if (more.length > 0) throw problem(text, field);
  const first = parseValue(from, field);
  if (to === undefined) return [first, hasStep ? most : first];
  const last = parseValue(to, field);
  if (last < first) throw new CronProblem(`${text} in the field of the ${field.name} goes backwards`);
  return [first, last];
}

function parseValue(text: string, field: Field): number {
  const word = field.words?.indexOf(text.toUpperCase()) ?? -1;
  if (word >= 0) return word + field.least;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= field.least && value <= field.most)) throw problem(text, field);
  return value;
}

function problem(text: string, { name, least, most }: Field): CronProblem {
  return new CronProblem(`the ${name} is ${JSON.stringify(text)} and takes ${least} to ${most}`);
}

const dayMs = 86_400_000;
/** The longest that a 29 February keeps anyone waiting: from 2096 to 2104, and more for one that is a certain weekday. */
const mostYears = 41;

/** The first time of the wall clock after `wall` that is meant. Undefined: there is none. */
export function nextWall(pattern: CronPattern, wall: number): number | undefined {
  const after = Math.floor(wall / 1000) * 1000 + 1000;
  const firstDay = Math.floor(after / dayMs) * dayMs;
  const date = new Date(firstDay);
  const lastYear = date.getUTCFullYear() + mostYears;
  while (date.getUTCFullYear() <= lastYear) {
    if (!pattern.months.has(date.getUTCMonth() + 1)) {
      date.setUTCMonth(date.getUTCMonth() + 1, 1);
      continue;
    }
    if (isDay(pattern.days, date)) {
      const day = date.getTime();
      const time = nextTime(pattern, day === firstDay ? after - firstDay : 0);
      if (time !== undefined) return day + time;
    }
    date.setUTCDate(date.getUTCDate() + 1);
  }
  return undefined;
}

function isDay({ ofMonth, isLastOfMonth, ofWeek, nthOfWeek, isEither }: DayRule, date: Date): boolean {
  const [day, weekday] = [date.getUTCDate(), date.getUTCDay()];
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  const isOfMonth = ofMonth.has(day) || (isLastOfMonth && day === lastDay);
  const isOfWeek =
    ofWeek.has(weekday) ||
    nthOfWeek.some(
      (rule) =>
        rule.day === weekday && (rule.nth === -1 ? day + 7 > lastDay : Math.ceil(day / 7) === rule.nth),
    );
  return isEither ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}

/** Milliseconds into the day, the first not before `from`. */
function nextTime({ hours, minutes, seconds }: CronPattern, from: number): number | undefined {
  const [hour, minute, second] = [
    Math.floor(from / 3_600_000),
    Math.floor(from / 60_000) % 60,
    (from / 1000) % 60,
  ];
  for (let h = hour; h < 24; h++) {
    if (!hours.has(h)) continue;
    for (let m = h === hour ? minute : 0; m < 60; m++) {
      if (!minutes.has(m)) continue;
      for (let s = h === hour && m === minute ? second : 0; s < 60; s++) {
        if (seconds.has(s)) return ((h * 60 + m) * 60 + s) * 1000;
      }
    }
  }
  return undefined;
}
