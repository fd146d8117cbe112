const lengths = { day: 10, minute: 16, second: 19, millisecond: 23 } as const;

/** `2026-11-26 09:30:00.125`, as the clock on this machine's wall shows it. */
export function toLocalTime(time: Date, to: keyof typeof lengths): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  const rest = String(time.getMilliseconds()).padStart(3, "0");
  return `${date} ${clock}.${rest}`.slice(0, lengths[to]);
}
