import type { Reader } from "../store/database.ts";
import type { TaskGrant } from "../store/task-grants.ts";
import type { Task } from "../store/tasks.ts";
import { readGrants } from "./live-grants.ts";

/** What its runs may do with nobody there to ask: a line, or none. */
export async function describeGrants(reader: Reader, task: Task): Promise<readonly string[]> {
  const { live, voided } = await readGrants(reader, task);
  return [
    ...(live.length === 0 ? [] : [`Unattended: may ${live.map(toWords).join(", ")}`]),
    ...(voided.length === 0
      ? []
      : [
          `Unattended: no longer ${voided.map(toWords).join(", ")}: that was allowed for what the task was before`,
        ]),
  ];
}

function toWords({ kind, value }: TaskGrant): string {
  switch (kind) {
    case "host":
      return `reach ${value}`;
    case "chat":
      return `send to chat ${value}`;
    case "search":
      return "ask the web search";
    case "files":
      return "change files of its group";
    default:
      return kind satisfies never;
  }
}
