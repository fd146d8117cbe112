import { sanitizeText } from "../channels/terminal/sanitize.ts";
import type { Saying } from "../words/define-words.ts";
import type { Language } from "../words/language.ts";
import { loadLanguage } from "../words/load-language.ts";
import { translate } from "../words/translate.ts";
import type { CommandIo } from "./command-io.ts";
import { createStyle, hasColor } from "./style.ts";
import { wrapText } from "./wrap-text.ts";

/** What went wrong, and what to do about it, as it stands on standard error: in the person's language, and as wide as his terminal. */
export async function formatProblem(problem: Saying, io: CommandIo): Promise<string> {
  return toProblemText(problem, await loadLanguage(io.env), io);
}

/** As `formatProblem`, for those who have loaded the language already. */
export function toProblemText(problem: Saying, language: Language, io: CommandIo): string {
  const { message, hint = "" } = translate(problem, language);
  const style = createStyle(hasColor(io, "error"));
  const told = toLines(`nanoclaw: ${message}`, io).join("\n").replace("nanoclaw:", style.red("nanoclaw:"));
  const advice =
    hint === "" ? [] : toLines(hint, io).map((line) => (isSetApart(line) ? style.bold(line) : line));
  return `${[told, ...advice].join("\n")}\n`;
}

/** Where it is no terminal a program may read it, line by line. */
function toLines(text: string, io: CommandIo): readonly string[] {
  const lines = sanitizeText(text).split("\n");
  if (!io.isTerminal.error) return lines;
  return lines.flatMap((line) => (isSetApart(line) ? [line] : wrapText(line, io.columns)));
}

/** What is to be typed, and parts of a file, stay as they are, so that they can be copied. */
function isSetApart(line: string): boolean {
  return line.startsWith("  ");
}
