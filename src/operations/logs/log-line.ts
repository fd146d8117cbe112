import type { LogLevel } from "../../log.ts";

export const logLevels = ["error", "warn", "info", "debug"] as const satisfies readonly LogLevel[];

/** One line of a log as it was written; facts that are none of the usual three stay as they are. */
export interface LogLine {
  readonly text: string;
  readonly time: Date | undefined;
  readonly level: LogLevel | undefined;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A line that is no JSON, such as the stack of a crash, is a message without a level. */
export function parseLogLine(text: string): LogLine {
  const parsed = parse(text);
  if (parsed === undefined) return { text, time: undefined, level: undefined, message: text, facts: {} };
  const { time, level, message, ...facts } = parsed;
  const date = typeof time === "string" ? new Date(time) : undefined;
  return {
    text,
    time: date === undefined || Number.isNaN(date.getTime()) ? undefined : date,
    level: logLevels.find((known) => known === level),
    message: typeof message === "string" ? message : "",
    facts,
  };
}

/** What has no level is shown at every level: it is never written when all is well. */
export function isAtLeast({ level }: LogLine, least: LogLevel): boolean {
  return level === undefined || logLevels.indexOf(level) <= logLevels.indexOf(least);
}

function parse(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
