import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { SlashContext } from "./slash-command.ts";
import { formatSessions } from "./format-sessions.ts";

/** Lists, resumes, names. */
export async function runSessions(context: SlashContext, argument: string): Promise<void> {
  const { conversation, say, tell, columns } = context;
  const { past } = conversation;
  if (past === undefined) throw new AppError("usage", "This conversation has no others beside it.");
  const newName = /^name(?:\s+(.*))?$/s.exec(argument)?.[1];
  if (newName !== undefined) {
    const { name } = await past.name(newName);
    return await say(`This conversation is now ${sanitizeLine(name ?? "")}.`);
  }
  if (argument === "name") throw new AppError("usage", "Give it a name: /sessions name NEW");
  if (argument === "") {
    const current = (await conversation.describe()).session;
    return await tell(formatSessions(await past.list(), { current, columns: columns() }));
  }
  const { name, id, entries } = await past.resume(argument);
  await say(`Going on with ${sanitizeLine(name ?? `#${id}`)}, ${entries} entries.`);
}
