import { withRight } from "../sessions/session-place.ts";
import { readGroupChoice, writeGroupChoice } from "../store/group-choice.ts";
import type { ChatCommandContext } from "./chat-command.ts";

/** More than these nobody reads in a chat. */
const mostModels = 40;

/** Lists what is known, or chooses for all chats of the group, for good; `default` is what the configuration says. */
export async function chooseChatModel(context: ChatCommandContext, signal: AbortSignal): Promise<void> {
  const { argument, desk, group, store, phrases } = context;
  await withRight(context, "model.choose", argument === "" ? "list" : argument, async () => {});
  const { database } = store;
  if (argument === "") {
    const chosen = await readGroupChoice(database, group.id, "model");
    const current = await desk.findModel(chosen, signal);
    const known = (await desk.models(signal)).map(({ model }) => model).filter((model) => model !== current);
    const models = [...new Set(known)].slice(0, mostModels);
    const lines = [
      phrases.prompt.model({ model: current }),
      ...(models.length === 0 ? [] : [phrases.chat.modelsKnown({ models })]),
      ...(chosen === undefined ? [] : [phrases.chat.asConfigured]),
    ];
    await database.transaction((tx) => context.answer(tx, lines.join("\n")));
    return;
  }
  const wanted = argument === "default" ? undefined : argument;
  const model = await desk.findModel(wanted, signal);
  await database.transaction(async (tx) => {
    if (await context.answer(tx, phrases.prompt.model({ model }))) {
      await writeGroupChoice(tx, group.id, "model", wanted);
    }
  });
}
