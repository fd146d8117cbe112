import { createTerminalOwner, type Actor } from "../authority/actor.ts";
import { createAuthority } from "../authority/authority.ts";
import { systemClock } from "../clock.ts";
import { groupPaths } from "../home.ts";
import { defaultLimits } from "../sandbox/limits.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { BackgroundJobs } from "../snapshots/undo.ts";
import { createUndoService, type UndoService } from "../snapshots/undo-service.ts";
import { readOwnHolder } from "../store/holder.ts";
import { readHiddenNames } from "../mounts/mount-folders.ts";
import type { FolderPlace } from "../mounts/folder-place.ts";
import { checkFolder } from "../mounts/shared-folders.ts";

/** In a sandbox of its own, whose home and `/tmp` no command of the group has ever seen. */
export async function composeUndo(
  place: FolderPlace,
  runtime: string,
  jobs: BackgroundJobs,
  actor: Actor = createTerminalOwner(place.uid, place.group.name),
): Promise<UndoService> {
  const { store, group } = place;
  const paths = groupPaths({ groups: `${place.dataFolder}/groups` }, group.name);
  return createUndoService({
    store,
    group,
    authority: createAuthority({ database: store.database, clock: systemClock }),
    actor,
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
        // It is what a person does when a command has filled the disk.
        limits: { ...defaultLimits, freeBytes: 0 },
        readHiddenNames: () => readHiddenNames(place),
      }),
    async refuseShare(source) {
      const decision = await checkFolder(source, true, place);
      if (!decision.isAllowed) return decision.reason;
      return decision.source === source ? undefined : `${source} is a link now; it was shared as a folder.`;
    },
  });
}
