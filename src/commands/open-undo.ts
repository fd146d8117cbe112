import { createTerminalOwner } from "../authority/actor.ts";
import { createAuthority } from "../authority/authority.ts";
import { systemClock } from "../clock.ts";
import { findHome, groupPaths, prepareHome } from "../home.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { BackgroundJobs } from "../snapshots/undo.ts";
import { createUndoService, type UndoService } from "../snapshots/undo-service.ts";
import { getGroup, mainGroup } from "../store/groups.ts";
import { readOwnHolder } from "../store/holder.ts";
import { openStore } from "../store/store.ts";
import type { CommandIo } from "./command-io.ts";
import { readConfig, toFolderPlace } from "./open-conversation.ts";
import { checkFolder, type FolderPlace } from "./shared-folders.ts";

/** The undo of a group whose conversation is not open here. */
export async function openUndo(
  name: string = mainGroup,
  io: CommandIo,
  signal: AbortSignal,
): Promise<UndoService & AsyncDisposable> {
  const home = findHome(io.env);
  prepareHome(home.root);
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

/** In a sandbox of its own, whose home and `/tmp` no command of the group has ever seen. */
export async function composeUndo(
  place: FolderPlace,
  runtime: string,
  jobs: BackgroundJobs,
): Promise<UndoService> {
  const { store, group, uid } = place;
  const paths = groupPaths({ groups: `${place.dataFolder}/groups` }, group.name);
  return createUndoService({
    store,
    group,
    authority: createAuthority({ database: store.database, clock: systemClock }),
    actor: createTerminalOwner(uid, group.name),
    holder: await readOwnHolder(),
    clock: systemClock,
    folder: paths.snapshots,
    jobs,
    openSandbox: (mounts) =>
      openSandbox(runtime, {
        uid: group.uid,
        workspace: paths.workspace,
        home: `${paths.temporary}/undo-home`,
        temporary: `${paths.temporary}/undo`,
        mounts,
      }),
    async refuseShare(source) {
      const decision = await checkFolder(source, true, place);
      if (!decision.isAllowed) return decision.reason;
      return decision.source === source ? undefined : `${source} is a link now; it was shared as a folder.`;
    },
  });
}
