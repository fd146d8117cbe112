import { AppError } from "../errors.ts";
import { groupPaths } from "../home.ts";
import { endGroupWithRights } from "../store/end-group.ts";
import type { Transaction } from "../store/database.ts";
import { addFolderMove } from "../store/folder-moves.ts";
import { defaultSettings } from "../store/group-settings.ts";
import { addGroup, getGroup, mainGroup, renameGroup, type Group } from "../store/groups.ts";
import { isProcessAlive } from "../store/holder.ts";
import { releaseLease, takeLease } from "../store/leases.ts";
import { groupWords } from "../words/english/group.ts";
import { finishMoves, isThere } from "./finish-moves.ts";
import type { GroupsPlace } from "./groups-place.ts";
import { prepareGroup } from "./prepare-group.ts";
import { readTemplate, usualTemplate } from "./template.ts";

/** A new group with a folder of its own. Throws `AppError`: a name that is not allowed or is taken, no such template. */
export async function createGroup(
  { name, template = usualTemplate }: { readonly name: string; readonly template?: string },
  { store, home, clock, allow }: GroupsPlace,
): Promise<Group> {
  await finishMoves(store);
  const files = await readTemplate(home, template, { group: name, trigger: defaultSettings.triggerName });
  const added = await store.database.transaction(async (tx) => {
    await allow(tx);
    return await addGroup(tx, { name, now: clock.now() });
  });
  return await prepareGroup(added, home, store, files);
}

/** Its name and its folder; what it remembers and who may write there stay. Throws `AppError("conflict")` while it works. */
export async function moveGroup(name: string, to: string, place: GroupsPlace): Promise<void> {
  const { store, home } = place;
  await finishMoves(store);
  // Throws for a name that no group can have, before anything is looked at on the disk.
  const { root } = groupPaths(home, to);
  const isInTheWay = !isSameFolder(name, to) && (await isThere(root));
  await change(name, place, async (tx, group) => {
    await renameGroup(tx, group.id, to);
    if (isInTheWay) throw new AppError("conflict", groupWords.folderInTheWay({ path: root }));
    await addFolderMove(tx, {
      group: group.id,
      source: `groups/${group.name}`,
      destination: `groups/${to}`,
    });
  });
  await finishMoves(store);
}

/**
 * It ends: its chats belong to nobody, its name is free, its rights are gone. Its folder is put aside, below `removed/`, where
 * it is returned from; what was said and decided stays in the database. Throws `AppError("conflict")` while it works.
 */
export async function removeGroup(name: string, place: GroupsPlace): Promise<string> {
  const { store, clock } = place;
  await finishMoves(store);
  const now = clock.now();
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const destination = await change(name, place, async (tx, group) => {
    const aside = `removed/${group.name}-${stamp}-${group.id}`;
    await endGroupWithRights(tx, group, { reason: "the group was removed", now });
    await addFolderMove(tx, { group: group.id, source: `groups/${group.name}`, destination: aside });
    return aside;
  });
  await finishMoves(store);
  return `${store.folder}/${destination}`;
}

/** With the decision, while nobody works there, in one transaction. */
async function change<T>(
  name: string,
  { store, clock, readHolder, allow }: GroupsPlace,
  work: (tx: Transaction, group: Group) => Promise<T>,
): Promise<T> {
  const holder = await readHolder();
  return await store.database.transaction(async (tx) => {
    const group = await getGroup(tx, name);
    if (group.name === mainGroup) throw new AppError("conflict", groupWords.mainStays());
    await allow(tx);
    const lease = await takeLease(tx, group.id, holder, { now: clock.now(), isAlive: isProcessAlive });
    if (lease.type === "held")
      throw new AppError("conflict", groupWords.busy({ group: name, pid: lease.pid }));
    const done = await work(tx, group);
    await releaseLease(tx, group.id, lease.epoch);
    return done;
  });
}

/** `Family` and `family` are one folder on some file systems. */
function isSameFolder(name: string, to: string): boolean {
  return name.toLowerCase() === to.toLowerCase();
}
