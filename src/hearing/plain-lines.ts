import type { Reader } from "../store/database.ts";
import type { PersonId } from "../store/ids.ts";
import type { Message } from "../store/messages.ts";
import { findPerson } from "../store/people.ts";

/** One a line: when, who, what. */
export async function toPlainLines(reader: Reader, messages: readonly Message[]): Promise<string> {
  const names = new Map<PersonId | undefined, string>();
  const lines: string[] = [];
  for (const { person, body, receivedAt } of messages) {
    const name = names.get(person) ?? (await findName(reader, person));
    names.set(person, name);
    lines.push(`${formatMinute(receivedAt)} ${name}: ${body.text.replace(/\s+/g, " ").trim()}`);
  }
  return lines.join("\n");
}

/** As people see it: whoever chose it, it proves nothing. */
export async function findName(reader: Reader, person: PersonId | undefined): Promise<string> {
  const known = person === undefined ? undefined : await findPerson(reader, person);
  return (known?.displayName ?? known?.sender ?? "unknown").replace(/\s+/g, " ").slice(0, 60);
}

/** `2026-01-31 12:30`, in UTC. */
export function formatMinute(at: Date): string {
  return at.toISOString().slice(0, 16).replace("T", " ");
}
