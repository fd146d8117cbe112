import { watch } from "node:fs";
import { basename } from "node:path";
import type { ConversationOptions } from "../turns/conversation.ts";
import { MovingConversation } from "../prompt/moving-conversation.ts";
import { findHome, prepareHome, type HomePaths } from "../home.ts";
import { attach } from "./attach.ts";
import type { CommandIo } from "./command-io.ts";
import { openAlone } from "./open-conversation.ts";
import { openUndo } from "./open-undo.ts";

/** A prompt's conversation: with the gateway as long as one runs. */
export async function openMoving(
  options: ConversationOptions,
  io: CommandIo,
  signal: AbortSignal,
): Promise<MovingConversation> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  // Once it is open the prompt has the keyboard: nothing else may ask there.
  let place = io;
  const conversation = await MovingConversation.open({
    options,
    attach: (opening) => attach(opening, home, io, signal),
    openAlone: (opening) => openAlone(opening, place, signal),
    openUndo: (group) => openUndo(group, io, signal),
    watch: (onChange) => watchSocket(home, onChange),
  });
  place = { ...io, env: io.env, isTerminal: { ...io.isTerminal, input: false } };
  return conversation;
}

/** The socket of a gateway that starts is a new name in the folder. Where nothing can be watched the prompt stays as it is. */
function watchSocket({ root, socket }: HomePaths, onChange: () => void): Disposable {
  const name = basename(socket);
  try {
    const watcher = watch(root, (_, changed) => {
      if (changed === name) onChange();
    });
    watcher.on("error", () => {});
    // One may have started before anything was watched.
    onChange();
    return { [Symbol.dispose]: () => watcher.close() };
  } catch {
    return { [Symbol.dispose]: () => {} };
  }
}
