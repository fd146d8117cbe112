import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { toFileName, toExportJson, toMarkdown } from "../sessions/export-session.ts";
import { writeExport } from "../sessions/write-export.ts";
import { promptWords } from "../words/english/prompt.ts";
import type { SlashContext } from "./slash-command.ts";

/** Writes the conversation into the folder where the person stands, or where they say. What is there stays unless they say so. */
export async function exportSession(
  context: SlashContext,
  argument: string,
  signal: AbortSignal,
): Promise<void> {
  const { conversation, folder, home, ask, say, phrases } = context;
  const { past } = conversation;
  if (past === undefined) throw new AppError("usage", promptWords.notHere({ command: "/export" }));
  const content = await past.read("");
  if (content.entries.length === 0) throw new AppError("usage", promptWords.nothingToExport());
  const path = argument === "" ? toFileName(content.session) : argument.replace(/^~(?=\/)/, home);
  const text = path.endsWith(".json") ? toExportJson(content) : toMarkdown(content);
  const { sharedFolders } = await conversation.describe();
  const place = {
    folder,
    writable: sharedFolders.filter(({ canWrite }) => canWrite).map((each) => each.path),
  };
  let written = await writeExport(path, text, place, false);
  if (written === "exists") {
    await say(phrases.prompt.exists({ path: sanitizeLine(path) }));
    const answer = await ask(`${phrases.prompt.overwrite} [y/N]`, signal);
    if (!/^(?:y|yes|是)$/i.test(answer.trim())) return await say(phrases.prompt.nothingWritten);
    written = await writeExport(path, text, place, true);
  }
  if (written === "exists") throw new AppError("conflict", promptWords.exportExists({ path }));
  await say(phrases.prompt.written({ path: sanitizeLine(written.path) }));
}
