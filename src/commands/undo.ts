import { sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import type { PreparedUndo } from "../snapshots/undo-service.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { undoWords } from "../words/english/undo.ts";
import { loadLanguage } from "../words/load-language.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { ExitCode, StreamIo } from "./command-io.ts";
import type { Services } from "./services.ts";

/** Shows what there is to undo, or undoes it once the person has said yes. */
export async function runUndoCommand(
  args: ParsedArguments,
  io: StreamIo,
  services: Pick<Services, "openUndo">,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { phrases } = await loadLanguage(io.env);
  await using service = await services.openUndo(args.value("group"), signal);
  if (args.has("list")) {
    const lines = await service.list();
    const text = lines.length === 0 ? phrases.undo.nothing : lines.join("\n");
    await io.write(`${sanitizeText(text)}\n`);
    return 0;
  }
  const onWait = (pid: number): Promise<void> =>
    io.writeError(`nanoclaw: ${phrases.undo.waiting({ pid })}\n`);
  await using undo = await service.prepare(args.value("to"), onWait, signal);
  if (undo === undefined) {
    await io.write(`${phrases.undo.nothing}\n`);
    return 0;
  }
  if (args.has("diff")) {
    await io.write(`${sanitizeText([`${undo.summary}:`, ...undo.changes].join("\n"))}\n`);
    return 0;
  }
  if (!args.has("yes") && !(await confirm(undo, phrases, io, signal))) {
    await io.writeError(`${phrases.undo.unchanged}\n`);
    return 1;
  }
  await io.write(`${sanitizeText(await undo.apply(signal))}\n`);
  return 0;
}

async function confirm(
  undo: PreparedUndo,
  phrases: Phrases,
  io: StreamIo,
  signal: AbortSignal,
): Promise<boolean> {
  if (!io.isTerminal.input || !io.isTerminal.error) {
    throw new AppError("usage", undoWords.wantsYes({ summary: sanitizeText(undo.summary) }));
  }
  const { askYesNo } = await import("../channels/terminal/ask-yes-no.ts");
  const output = { write: (text: string) => io.writeError(text) };
  return await askYesNo(`${sanitizeText(undo.summary)}: ${phrases.undo.question}`, output, signal);
}
