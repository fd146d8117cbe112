const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

type Unit = keyof typeof units;

/** `90s`, `1h30m`, `20 minutes`, and a number alone for seconds. Undefined for anything else, and for nothing. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d{1,10}$/.test(trimmed)) return Number(trimmed) * 1000 || undefined;
  let total = 0;
  let rest = trimmed;
  while (rest !== "") {
    const match = /^(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)[\s,]*/.exec(rest);
    const unit = toUnit(match?.[2] ?? "");
    if (match === null || unit === undefined) return undefined;
    total += Number(match[1]) * units[unit];
    rest = rest.slice(match[0].length);
  }
  return total >= 1 ? Math.round(total) : undefined;
}

/** `2h`, `90s`: in the largest unit that leaves no rest. */
export function formatDuration(ms: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    if (ms % units[unit] === 0) return `${ms / units[unit]}${unit}`;
  }
  return `${ms}ms`;
}

function toUnit(word: string): Unit | undefined {
  if (/^(s|secs?|seconds?)$/.test(word)) return "s";
  if (/^(m|mins?|minutes?)$/.test(word)) return "m";
  if (/^(h|hrs?|hours?)$/.test(word)) return "h";
  if (/^(d|days?)$/.test(word)) return "d";
  return /^(w|weeks?)$/.test(word) ? "w" : undefined;
}
