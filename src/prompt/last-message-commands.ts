import { AppError } from "../errors.ts";
import type { PersonMessage } from "../turns/conversation.ts";
import { promptWords } from "../words/english/prompt.ts";
import type { SlashContext } from "./slash-command.ts";

/** Asks the last message again; the model sees the new answer in the place of the old one. */
export async function retryLast(context: SlashContext, _: string, signal: AbortSignal): Promise<void> {
  await context.send(await getLast(context), { replacesLast: true }, signal);
}

/** Opens the last message where the person writes; with text, asks that at once. */
export async function editLast(context: SlashContext, text: string, signal: AbortSignal): Promise<void> {
  const last = await getLast(context);
  if (text !== "") {
    return await context.send({ ...last, text }, { replacesLast: true }, signal);
  }
  if (context.edit(last.text)) return;
  throw new AppError("usage", promptWords.cannotEdit());
}

async function getLast({ conversation }: SlashContext): Promise<PersonMessage> {
  const last = await conversation.past?.lastMessage();
  if (last !== undefined) return last;
  throw new AppError("usage", promptWords.noLastMessage());
}
