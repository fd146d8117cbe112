import { sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import type { PreparedUndo } from "../snapshots/undo-service.ts";
import { promptWords } from "../words/english/prompt.ts";
import type { SlashContext } from "./slash-command.ts";

const mostShown = 12;

/** `list`, a number of the list, a time, or nothing: the last turn that changed something. Says what it would do, and asks. */
export async function runUndo(context: SlashContext, argument: string, signal: AbortSignal): Promise<void> {
  const { conversation, phrases, say, tell, ask, showBusy } = context;
  const service = await conversation.undo?.();
  if (service === undefined) throw new AppError("usage", promptWords.notHere({ command: "/undo" }));
  const wish = argument.replace(/^--(?:to\s+)?/, "");
  if (wish === "list") {
    const lines = await service.list();
    if (lines.length === 0) return await say(phrases.undo.nothing);
    return await tell(`${sanitizeText(lines.join("\n"))}\n`);
  }
  await showBusy(phrases.undo.looking);
  const onWait = (pid: number): Promise<void> => say(phrases.undo.waiting({ pid }));
  await using undo = await service.prepare(wish === "" ? undefined : wish, onWait, signal);
  if (undo === undefined) return await say(phrases.undo.nothing);
  await tell(formatFiles(undo));
  await say(sanitizeText(undo.summary));
  const answer = await ask(`${phrases.undo.question} [y/N]`, signal);
  if (!/^(?:y|yes|是)$/i.test(answer.trim())) return await say(phrases.undo.unchanged);
  await showBusy(phrases.undo.looking);
  await tell(`${sanitizeText(await undo.apply(signal))}\n`);
}

function formatFiles({ changes }: PreparedUndo): string {
  const shown = changes.slice(0, mostShown).map((line) => `  ${sanitizeText(line)}\n`);
  return [...shown, ...(changes.length > shown.length ? ["  …\n"] : [])].join("");
}
