import { toVisibleLine } from "../tools/visible.ts";
import type { Task } from "../store/tasks.ts";
import { describeRule } from "./describe-task.ts";
import { formatInstant } from "./format-instant.ts";
import type { Zone } from "./zone.ts";

export interface TaskRow {
  readonly task: Task;
  readonly zone: Zone;
  readonly group: string;
}

/** A table for people: what is due next first. In a chat, where no columns line up, a line each. */
export function formatTasks(
  rows: readonly TaskRow[],
  { isChat = false }: { readonly isChat?: boolean } = {},
): string {
  if (isChat) {
    return rows
      .map(
        ({ task, zone }) =>
          `${task.id}. ${toVisibleLine(task.name, 80)}: ${describeRule(task)}, ${toNext(task, zone)}`,
      )
      .join("\n");
  }
  const cells = rows.map(({ task, zone, group }) => [
    String(task.id),
    task.state,
    toNext(task, zone),
    zone.name,
    group,
    describeRule(task),
    toVisibleLine(task.name, 80),
  ]);
  const head = ["ID", "STATE", "NEXT", "ZONE", "GROUP", "DUE", "NAME"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  return [head, ...cells]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function toNext({ nextAt, state, reason }: Task, zone: Zone): string {
  if (nextAt !== undefined && state === "active") return formatInstant(nextAt, zone);
  return state === "paused" && reason !== undefined ? `paused: ${toVisibleLine(reason, 60)}` : "never";
}
