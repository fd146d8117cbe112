import { systemClock } from "../clock.ts";
import { findHome, prepareHome } from "../home.ts";
import type { UndoService } from "../snapshots/undo-service.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import { openStore } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";
import { composeUndo } from "./compose-undo.ts";
import { toFolderPlace } from "./open-conversation.ts";
import { readConfig } from "./read-config.ts";

/** The undo of a group whose conversation is not open here. */
export async function openUndo(
  name: string = mainGroup,
  io: CommandIo,
  signal: AbortSignal,
): Promise<UndoService & AsyncDisposable> {
  const home = findHome(io.env);
  await prepareHome(home.root);
  const { sandbox } = await readConfig(home, io);
  const store = await openStore({ folder: home.root, clock: systemClock }, signal);
  try {
    const group = await getGroup(store.database, name);
    const place = toFolderPlace(store, group, home, io);
    // The jobs of another process are not ours to end.
    const service = await composeUndo(place, sandbox.runtime, { count: () => 0, end: async () => {} });
    return { ...service, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}
