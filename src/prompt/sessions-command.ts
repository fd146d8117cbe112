import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { promptWords } from "../words/english/prompt.ts";
import { formatSessions } from "./format-sessions.ts";
import type { SlashContext } from "./slash-command.ts";

/** Lists, resumes, names. */
export async function runSessions(context: SlashContext, argument: string): Promise<void> {
  const { conversation, say, tell, columns, phrases } = context;
  const { past } = conversation;
  if (past === undefined) throw new AppError("usage", promptWords.notHere({ command: "/sessions" }));
  const naming = /^name(?:\s+(.*))?$/s.exec(argument);
  if (naming !== null) {
    const [, newName = ""] = naming;
    if (newName === "") throw new AppError("usage", promptWords.sessionNameMissing());
    const { name } = await past.name(newName);
    return await say(phrases.prompt.named({ name: sanitizeLine(name ?? "") }));
  }
  if (argument === "") {
    const current = (await conversation.describe()).session;
    return await tell(formatSessions(await past.list(), phrases, { current, columns: columns() }));
  }
  const { name, id, entries } = await past.resume(argument);
  await say(phrases.prompt.resumed({ name: sanitizeLine(name ?? `#${id}`), entries }));
}
