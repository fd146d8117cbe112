import { helpFlag, type FlagSpec, type WordSpec } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { findCommand } from "./find-command.ts";
import { createStyle, hasColor, type Style } from "./style.ts";
import { wrapText } from "./wrap-text.ts";

/** Help on the command that `words` names, or on the whole program without any. */
export async function runHelpCommand(
  words: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<ExitCode> {
  const style = createStyle(hasColor(io, "output"));
  const columns = Math.min(io.columns, 100);
  const text =
    words.length === 0
      ? formatOverview(commands, style, columns)
      : formatCommand(words, commands, style, columns);
  await io.write(text);
  return 0;
}

export function formatOverview(commands: readonly Command[], style: Style, columns: number): string {
  return [
    "A personal AI assistant that lives on your own machine.",
    section("Usage", style),
    "  nanoclaw                     the prompt (also: claw)",
    '  nanoclaw -m "TEXT"           one question, one answer',
    "  nanoclaw COMMAND [flags]",
    section("Commands", style),
    ...toTable(
      commands.map((command) => ({ term: command.name, says: command.summary })),
      columns,
    ),
    "",
    ...wrapText("More on one: nanoclaw help COMMAND", columns),
    "",
  ].join("\n");
}

export function formatCommand(
  words: readonly string[],
  commands: readonly Command[],
  style: Style,
  columns: number,
): string {
  const { path, command } = findCommand(words, commands);
  const flags = [...command.flags, helpFlag];
  return [
    ...wrapText(command.summary, columns),
    section("Usage", style),
    `  ${toUsage(path, command)}`,
    ...(command.description ?? []).flatMap((paragraph) => ["", ...wrapText(paragraph, columns)]),
    ...toCommandSection(command.subcommands ?? [], style, columns),
    section("Flags", style),
    ...toTable(
      flags.map((flag) => ({ term: toTerm(flag), says: flag.says })),
      columns,
    ),
    section("Examples", style),
    ...command.examples.flatMap((example) => [
      `  ${style.bold(example.line)}`,
      ...wrapText(example.says, columns - 6).map((line) => `      ${style.dim(line)}`),
    ]),
    "",
  ].join("\n");
}

function toCommandSection(subcommands: readonly Command[], style: Style, columns: number): string[] {
  if (subcommands.length === 0) return [];
  const rows = subcommands.map((command) => ({
    term: [command.name, ...command.words.map(toWord)].join(" "),
    says: command.summary,
  }));
  return [section("Commands", style), ...toTable(rows, columns)];
}

function toUsage(path: readonly string[], command: Command): string {
  const names = command.subcommands?.map((subcommand) => subcommand.name).join("|");
  const words = [...path, ...(names === undefined ? [] : [names]), ...command.words.map(toWord)];
  return `nanoclaw ${words.join(" ")} [flags]`;
}

function toWord(word: WordSpec): string {
  const name = word.isRepeated === true ? `${word.name} …` : word.name;
  return word.isOptional === true ? `[${name}]` : name;
}

function toTerm(flag: FlagSpec): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  const value = flag.value === undefined ? "" : ` ${flag.value}`;
  return `${short}--${flag.name}${value}`;
}

function section(title: string, style: Style): string {
  return `\n${style.bold(title)}`;
}

function toTable(rows: readonly { term: string; says: string }[], columns: number): string[] {
  const width = Math.max(...rows.map((row) => row.term.length)) + 2;
  return rows.flatMap((row) =>
    wrapText(row.says, columns - width - 2).map(
      (line, index) => `  ${(index === 0 ? row.term : "").padEnd(width)}${line}`,
    ),
  );
}
