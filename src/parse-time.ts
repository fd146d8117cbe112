/** `14:30` (the last one), `2026-01-31`, `2026-01-31 14:30:15`: where this machine is. Undefined for anything else. */
export function parseTime(text: string, now: Date): number | undefined {
  const match = /^(?:(\d{4})-(\d\d)-(\d\d)(?:[ T]|$))?(?:(\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text.trim());
  if (match === null || text.trim() === "") return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0"] = match;
  const isDated = year !== undefined;
  const date = isDated
    ? new Date(Number(year), Number(month) - 1, Number(day))
    : new Date(now.getFullYear(), now.getMonth(), now.getDate());
  date.setHours(Number(hour), Number(minute), Number(second));
  if (!isDated && date > now) date.setDate(date.getDate() - 1);
  const isReal =
    Number(hour) < 24 && Number(minute) < 60 && (!isDated || date.getMonth() === Number(month) - 1);
  return isReal ? date.getTime() : undefined;
}
