import { sanitizeText } from "../channels/terminal/sanitize.ts";

/** What went wrong, and what to do about it, as it stands on standard error. */
export function formatProblem(problem: { readonly message: string; readonly hint?: string }): string {
  const hint = problem.hint === undefined ? "" : `${problem.hint}\n`;
  return sanitizeText(`nanoclaw: ${problem.message}\n${hint}`);
}
