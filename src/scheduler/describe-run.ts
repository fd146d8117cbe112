import type { Run } from "../store/task-runs.ts";
import { formatInstant } from "./format-instant.ts";
import type { Zone } from "./zone.ts";

/** What became of one occurrence, in a line. */
export function describeRun(run: Run, zone: Zone): string {
  const { dueAt, startedAt, endedAt, state, missed, result, reason } = run;
  const took =
    startedAt === undefined || endedAt === undefined || state === "skipped"
      ? ""
      : ` after ${((endedAt.getTime() - startedAt.getTime()) / 1000).toFixed(1)} s`;
  const before = missed === 0 ? "" : `, ${missed} missed before it`;
  const words = (reason ?? result ?? "").replaceAll(/\s+/g, " ").trim().slice(0, 200);
  return `${formatInstant(dueAt.getTime(), zone)}  ${state}${took}${before}${words === "" ? "" : `: ${words}`}`;
}
