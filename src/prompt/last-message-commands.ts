import { AppError } from "../errors.ts";
import type { PersonMessage } from "../gateway/conversation.ts";
import type { SlashContext } from "./slash-command.ts";

/** Asks the last message again; the model sees the new answer in the place of the old one. */
export async function retryLast(context: SlashContext, _: string, signal: AbortSignal): Promise<void> {
  const { text, sawUntrusted } = await getLast(context);
  await context.send(text, { sawUntrusted, replacesLast: true }, signal);
}

/** Opens the last message where the person writes; with text, asks that at once. */
export async function editLast(context: SlashContext, text: string, signal: AbortSignal): Promise<void> {
  const last = await getLast(context);
  if (text !== "") {
    return await context.send(text, { sawUntrusted: last.sawUntrusted, replacesLast: true }, signal);
  }
  if (context.edit(last.text)) return;
  throw new AppError("usage", "This terminal can't open it for a change.", {
    hint: "Write the new text behind it: /edit TEXT",
  });
}

async function getLast({ conversation }: SlashContext): Promise<PersonMessage> {
  const last = await conversation.past?.lastMessage();
  if (last !== undefined) return last;
  throw new AppError("usage", "There is no last message in this conversation.");
}
