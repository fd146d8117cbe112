import type { Task } from "../store/tasks.ts";
import { formatDuration } from "./duration.ts";
import { formatInstant } from "./format-instant.ts";
import { listNext } from "./task-desk.ts";
import type { Zone } from "./zone.ts";

/** `every 2h`, `cron 0 9 * * 1-5`, `once`. */
export function describeRule({ kind, rule }: Pick<Task, "kind" | "rule">): string {
  switch (kind) {
    case "cron":
      return `cron ${rule}`;
    case "interval":
      return `every ${formatDuration(Number(rule))}`;
    case "once":
      return "once";
    default:
      return kind satisfies never;
  }
}

/** What is stored of a task, for a model and for people: a line each. */
export function describeTask(task: Task, zone: Zone): readonly string[] {
  const { id, name, state, reason } = task;
  const next = listNext(task, zone, 3).map((at) => formatInstant(at, zone));
  const session = task.context === "isolated" ? "in a session of its own" : "in the current session";
  return [
    `Task ${id} "${name}": ${state}${state === "active" || reason === undefined ? "" : ` (${reason})`}`,
    `Due: ${describeRule(task)}, ${zone.name}`,
    `Next: ${next.length === 0 ? "never" : next.join(", ")}`,
    `Runs: ${session}; missed: ${task.missed}${task.missed === "all" ? ` (${task.mostMissed})` : ""}; overlap: ${task.overlap}`,
  ];
}

/** One task in a list. */
export function summarizeTask(task: Task, zone: Zone): string {
  const next = task.nextAt === undefined ? task.state : formatInstant(task.nextAt, zone);
  return `${task.id}  ${next}  ${task.name} (${describeRule(task)}, ${zone.name})`;
}
