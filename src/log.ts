import { AppError } from "./errors.ts";
import { toLocalTime } from "./local-time.ts";

/** `error`: a person must act. `warn`: we recovered. `info`: lifecycle and one line a turn. `debug`: the rest. */
export type LogLevel = "error" | "warn" | "info" | "debug";

export type LogFields = Readonly<Record<string, unknown>>;

/** A constant sentence and facts as fields. No message bodies above `debug`; secrets never. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: LogLevel | "silent";
  readonly now: () => number;
  readonly write: (line: string) => void;
  /** Lines for a person at a terminal; without it, JSON lines. */
  readonly pretty?: boolean;
}

const rank = { silent: -1, error: 0, warn: 1, info: 2, debug: 3 } as const;

export function createLog(options: LogOptions, inherited: LogFields = {}): Log {
  const format = options.pretty === true ? toPrettyLine : toJsonLine;
  function at(level: LogLevel) {
    return (message: string, fields: LogFields = {}): void => {
      if (rank[level] > rank[options.level]) return;
      options.write(format(level, options.now(), message, { ...inherited, ...fields }));
    };
  }
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => createLog(options, { ...inherited, ...fields }),
  };
}

/** What is said to it is said to each. */
export function joinLogs(...logs: readonly Log[]): Log {
  function at(level: LogLevel) {
    return (message: string, fields?: LogFields): void => {
      for (const log of logs) log[level](message, fields);
    };
  }
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => joinLogs(...logs.map((log) => log.child(fields))),
  };
}

export const silentLog: Log = createLog({ level: "silent", now: () => 0, write: () => {} });

function toJsonLine(level: LogLevel, now: number, message: string, fields: LogFields): string {
  const facts = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toFact(value)]));
  return `${JSON.stringify({ time: new Date(now).toISOString(), level, message, ...facts })}\n`;
}

function toPrettyLine(level: LogLevel, now: number, message: string, fields: LogFields): string {
  const time = toLocalTime(new Date(now), "millisecond").slice(11);
  const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(toFact(value))}`);
  return `${time} ${level.padEnd(5)} ${message}${facts.join("")}\n`;
}

function toFact(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const cause = value.cause === undefined ? {} : { cause: toFact(value.cause) };
  // Of what we foresaw the words say all; where a bug is, its stack does.
  if (value instanceof AppError) return { error: value.message, ...cause };
  return { error: value.message, stack: value.stack, ...cause };
}
