import { sanitizeLine, sanitizeText } from "../channels/terminal/sanitize.ts";
import { AppError } from "../errors.ts";
import type { PreparedUndo } from "../snapshots/undo-service.ts";
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
  await using service = await services.openUndo(args.value("group"), signal);
  if (args.has("list")) {
    const lines = await service.list();
    const text = lines.length === 0 ? "Nothing was kept yet: no turn has written anything." : lines.join("\n");
    await io.write(`${sanitizeText(text)}\n`);
    return 0;
  }
  const onWait = (pid: number): Promise<void> =>
    io.writeError(`nanoclaw: process ${pid} is at work in this group. Waiting for it.\n`);
  await using undo = await service.prepare(args.value("to"), onWait, signal);
  if (undo === undefined) {
    await io.write("Nothing to undo.\n");
    return 0;
  }
  if (args.has("diff")) {
    await io.write(`${sanitizeText([`${undo.summary}:`, ...undo.changes].join("\n"))}\n`);
    return 0;
  }
  if (!args.has("yes") && !(await confirm(undo, io, signal))) {
    await io.writeError("Nothing was changed.\n");
    return 1;
  }
  await io.write(`${sanitizeText(await undo.apply(signal))}\n`);
  return 0;
}

async function confirm(undo: PreparedUndo, io: StreamIo, signal: AbortSignal): Promise<boolean> {
  if (!io.isTerminal.input || !io.isTerminal.error) {
    throw new AppError("usage", `It would be undone: ${sanitizeLine(undo.summary)}.`, {
      hint: "Where nobody can answer, say --yes, or look first with --diff.",
    });
  }
  const { askYesNo } = await import("../channels/terminal/ask.ts");
  const output = { write: (text: string) => io.writeError(text) };
  return await askYesNo(`${sanitizeText(undo.summary)}: undo?`, output, signal);
}
