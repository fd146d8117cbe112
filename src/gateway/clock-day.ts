/** The day of a time, where this machine is, as a number that no other day has: 20261126. */
export function clockDay(at: number): number {
  const date = new Date(at);
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate();
}
