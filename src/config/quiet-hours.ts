/** `22:00-07:00` as minutes of the day. Undefined for anything else; nothing is never quiet. */
export function parseQuietHours(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number);
  if (fromHour > 23 || toHour > 24 || fromMinute > 59 || toMinute > 59) return undefined;
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
}
