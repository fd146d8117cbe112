import { helpFlag, type FlagSpec, type WordSpec } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { findCommand } from "./find-command.ts";
import { createStyle, hasColor, type Style } from "./style.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { loadLanguage } from "../words/load-language.ts";
import { wrapText } from "./wrap-text.ts";

/** Help on the command that `words` names, or on the whole program without any. */
export async function runHelpCommand(
  words: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<ExitCode> {
  const page = {
    phrases: (await loadLanguage(io.env)).phrases.help,
    style: createStyle(hasColor(io, "output")),
    columns: Math.min(io.columns, 100),
  };
  const text = words.length === 0 ? formatOverview(commands, page) : formatCommand(words, commands, page);
  await io.write(text);
  return 0;
}

/** How a page of help is set. */
export interface HelpPage {
  readonly phrases: Phrases["help"];
  readonly style: Style;
  readonly columns: number;
}

export function formatOverview(commands: readonly Command[], { phrases, style, columns }: HelpPage): string {
  return [
    phrases.about,
    section(phrases.usage, style),
    `  nanoclaw                     ${phrases.prompt}`,
    `  nanoclaw -m "TEXT"           ${phrases.oneShot}`,
    "  nanoclaw COMMAND [flags]",
    section(phrases.commands, style),
    ...toTable(
      commands.map((command) => ({ term: command.name, says: toSummary([command.name], command, phrases) })),
      columns,
    ),
    "",
    ...wrapText(phrases.more, columns),
    "",
  ].join("\n");
}

export function formatCommand(
  words: readonly string[],
  commands: readonly Command[],
  page: HelpPage,
): string {
  const { phrases, style, columns } = page;
  const { path, command } = findCommand(words, commands);
  const flags = [...command.flags, { ...helpFlag, says: phrases.helpFlag }];
  return [
    ...wrapText(toSummary(path, command, phrases), columns),
    section(phrases.usage, style),
    `  ${toUsage(path, command)}`,
    ...(command.description ?? []).flatMap((paragraph) => ["", ...wrapText(paragraph, columns)]),
    ...toCommandSection(path, command.subcommands ?? [], page),
    section(phrases.flags, style),
    ...toTable(
      flags.map((flag) => ({ term: toTerm(flag), says: flag.says })),
      columns,
    ),
    section(phrases.examples, style),
    ...command.examples.flatMap((example) => [
      `  ${style.bold(example.line)}`,
      ...wrapText(example.says, columns - 6).map((line) => `      ${style.dim(line)}`),
    ]),
    "",
  ].join("\n");
}

function toCommandSection(
  path: readonly string[],
  subcommands: readonly Command[],
  { phrases, style, columns }: HelpPage,
): string[] {
  if (subcommands.length === 0) return [];
  const rows = subcommands.map((command) => ({
    term: [command.name, ...command.words.map(toWord)].join(" "),
    says: toSummary([...path, command.name], command, phrases),
  }));
  return [section(phrases.commands, style), ...toTable(rows, columns)];
}

function toSummary(path: readonly string[], command: Command, { summaries }: Phrases["help"]): string {
  return summaries[path.join(" ")] ?? command.summary;
}

function toUsage(path: readonly string[], command: Command): string {
  const all = command.subcommands?.map((subcommand) => subcommand.name).join("|");
  // They are listed below, each with what it does.
  const names = all !== undefined && all.length > longestChoice ? "COMMAND" : all;
  // The bare name may mean something by itself.
  const choice = names === undefined ? [] : [command.run === undefined ? names : `[${names}]`];
  const words = [...path, ...choice, ...command.words.map(toWord)];
  return `nanoclaw ${words.join(" ")} [flags]`;
}

const longestChoice = 50;

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
