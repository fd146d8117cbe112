import type { Range } from "./jsonc.ts";

/** Something in the configuration that is wrong, or (as a notice) that a person should know. */
export interface Problem {
  readonly message: string;
  /** Where in the file; absent when it came from the environment or from nothing at all. */
  readonly range?: Range;
}

export interface SourceText {
  readonly name: string;
  readonly text: string;
}

export interface Position {
  readonly line: number;
  readonly column: number;
}

export function toPosition(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** `config.json:3:5: message`, then the line with a caret below what is meant. */
export function formatProblem(problem: Problem, source: SourceText): string {
  if (problem.range === undefined) return problem.message;
  const { line, column } = toPosition(source.text, problem.range.start);
  const excerpt = toExcerpt(source.text, problem.range, line, column);
  return `${source.name}:${line}:${column}: ${problem.message}\n${excerpt}`;
}

/** One line for what is no error: `config.json:3: message`. */
export function formatNotice(notice: Problem, source: SourceText): string {
  if (notice.range === undefined) return notice.message;
  return `${source.name}:${toPosition(source.text, notice.range.start).line}: ${notice.message}`;
}

const widest = 96;

function toExcerpt(text: string, range: Range, line: number, column: number): string {
  const lineText = hideValues((text.split("\n")[line - 1] ?? "").replace(/\r$/, "").replaceAll("\t", " "));
  const from = Math.max(0, Math.min(column - 1 - 40, lineText.length - widest));
  const shown = lineText.slice(from, from + widest);
  const caretAt = column - 1 - from;
  const carets = Math.max(1, Math.min(range.end - range.start, shown.length - caretAt));
  const gutter = String(line).padStart(4);
  return `${gutter} | ${shown}\n${" ".repeat(gutter.length)} | ${" ".repeat(caretAt)}${"^".repeat(carets)}`;
}

const tokens = /"(?:\\.|[^"\\])*"?(\s*:)?|[^\s{}[\],:"]+/g;
const plainWord = /^(?:true|false|null|-?\d{1,9}(?:\.\d{1,6})?)$/;

/**
 * Covers every text that is not a quoted key, at its own width: a secret can stand in any of them, and in a
 * broken file nobody can say which.
 */
function hideValues(line: string): string {
  return line.replace(tokens, (token: string, colon: string | undefined) => {
    if (colon !== undefined || plainWord.test(token)) return token;
    if (!token.startsWith('"')) return "*".repeat(token.length);
    const isClosed = token.length > 1 && token.endsWith('"');
    return `"${"*".repeat(token.length - (isClosed ? 2 : 1))}${isClosed ? '"' : ""}`;
  });
}
