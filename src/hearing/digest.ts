import type { Reader } from "../store/database.ts";
import type { OverheardCount } from "../store/overheard.ts";
import { findName, formatMinute } from "./plain-lines.ts";

const mostNamed = 8;

/** `312 messages, from 2026-01-31 09:00 to 2026-01-31 12:30 UTC: Ben 200, Cleo 100, 2 others 12`. */
export async function describeCount(
  reader: Reader,
  { messages, since, until, people }: OverheardCount,
): Promise<string> {
  const named: string[] = [];
  for (const { person, messages: own } of people.slice(0, mostNamed)) {
    named.push(`${await findName(reader, person)} ${own}`);
  }
  const others = people.slice(mostNamed);
  const rest = others.reduce((sum, { messages: own }) => sum + own, 0);
  if (others.length > 0) named.push(`${others.length} others ${rest}`);
  const what = messages === 1 ? "1 message" : `${messages} messages`;
  return `${what}, from ${formatMinute(since)} to ${formatMinute(until)} UTC: ${named.join(", ")}`;
}
