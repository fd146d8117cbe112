import { toLocalTime } from "../local-time.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import { findHome } from "../home.ts";
import type { LogLevel } from "../log.ts";
import { followLog } from "../operations/logs/follow-log.ts";
import { isAtLeast, logLevels, parseLogLine, type LogLine } from "../operations/logs/log-line.ts";
import { readLastLines } from "../operations/logs/read-log.ts";
import { usageWords } from "../words/english/usage.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { createStyle, hasColor, type Style } from "./style.ts";

const usualCount = 50;

/** The end of the gateway's log, and with `-f` what is added to it. */
export async function runLogsCommand(
  args: ParsedArguments,
  io: CommandIo,
  signal: AbortSignal,
): Promise<ExitCode> {
  const path = `${findHome(io.env).logs}/gateway.log`;
  const count = parseCount(args.value("lines"));
  const level = parseLevel(args.value("level"));
  const style = createStyle(hasColor(io, "output"));
  const format = (line: string): string =>
    args.has("json") ? `${line}\n` : formatLine(parseLogLine(line), style);
  const keep = (line: string): boolean =>
    line !== "" && (level === undefined || isAtLeast(parseLogLine(line), level));
  const { lines, size } = await readLastLines(path, count, keep);
  await io.write(lines.map(format).join(""));
  if (!args.has("follow")) {
    if (lines.length > 0 || args.has("json") || (await Bun.file(path).exists())) return 0;
    const { phrases } = await loadLanguage(io.env);
    await io.writeError(`nanoclaw: ${phrases.operations.noLog({ path })}\n`);
    return 0;
  }
  for await (const line of followLog(path, size, signal)) if (keep(line)) await io.write(format(line));
  return 0;
}

function formatLine({ time, level, message, facts }: LogLine, style: Style): string {
  const rest = Object.entries(facts).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  const stamp = time === undefined ? "" : `${style.dim(toLocalTime(time, "second"))} `;
  const text = sanitizeLine(`${message}${rest.join("")}`);
  return `${stamp}${level === undefined ? "" : `${paint(level, style)} `}${text}\n`;
}

function paint(level: LogLevel, style: Style): string {
  const word = level.padEnd(5);
  switch (level) {
    case "error":
      return style.red(word);
    case "warn":
      return style.yellow(word);
    case "info":
      return word;
    case "debug":
      return style.dim(word);
    default:
      return level satisfies never;
  }
}

function parseCount(text: string | undefined): number {
  if (text === undefined) return usualCount;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new AppError("usage", usageWords.noCount({ text }));
}

function parseLevel(text: string | undefined): LogLevel | undefined {
  const level = logLevels.find((known) => known === text);
  if (text === undefined || level !== undefined) return level;
  throw new AppError("usage", usageWords.unknownLevel({ text, known: logLevels }));
}
