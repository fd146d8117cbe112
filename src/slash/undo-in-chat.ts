import { withRight } from "../sessions/session-place.ts";
import type { ChatCommandContext } from "./chat-command.ts";

const mostShown = 12;

/**
 * Says what an undo would do and how to have it; `yes` with the number that was named does it. So nothing is undone
 * that was not shown, and a program that dies over it does the same again.
 */
export async function undoInChat(context: ChatCommandContext, signal: AbortSignal): Promise<void> {
  const { desk, group, actor, argument, phrases, store } = context;
  await withRight(context, "files.restore", argument === "" ? "look" : argument, async () => {});
  const service = await desk.undo(group, actor);
  const say = async (...lines: readonly string[]): Promise<void> => {
    await store.database.transaction((tx) => context.answer(tx, lines.join("\n")));
  };
  if (argument === "list") {
    const lines = await service.list();
    return await say(...(lines.length === 0 ? [phrases.undo.nothing] : lines.slice(0, mostShown)));
  }
  const isYes = /^(?:yes|是)\s+\d+$/i.test(argument);
  const wish = isYes ? argument.replace(/^\S+\s+/, "") : argument.replace(/^--(?:to\s+)?/, "");
  // Who waits is told nothing: the answer comes when the other process is done.
  await using undo = await service.prepare(wish === "" ? undefined : wish, async () => {}, signal);
  if (undo === undefined) return await say(phrases.undo.nothing);
  if (isYes) return await say(await undo.apply(signal));
  const shown = undo.changes.slice(0, mostShown);
  const more = undo.changes.length > shown.length ? ["…"] : [];
  await say(...shown, ...more, undo.summary, phrases.chat.doUndo({ line: `/undo yes ${undo.target}` }));
}
