import { createTerminalOwner } from "../authority/actor.ts";
import { decideIn } from "../authority/authority.ts";
import { clean } from "../authority/taint.ts";
import { AppError } from "../errors.ts";
import type { SharedFolderDecision } from "../sandbox/shared-folder.ts";
import type { Transaction } from "../store/database.ts";
import { findSharedFolder, rememberSharedFolder, type FolderAccess } from "../store/folders.ts";
import { listGroupMounts } from "../store/group-mounts.ts";
import type { ChosenFolder, ChosenFolders, FolderPlace, SharedFolder } from "./folder-place.ts";

export type AskAboutFolder = (path: string, signal: AbortSignal) => Promise<FolderAccess>;

export interface FolderWishes {
  /** Named on the command line: a refusal is an error. */
  readonly folders: readonly SharedFolder[];
  /** Where the person stands. */
  readonly currentFolder: string;
  readonly ask?: AskAboutFolder;
}

const nothingShared: ChosenFolders = {
  mounts: [],
  isHereShared: false,
  readHiddenNames: async () => [],
  giveBack: async () => {},
};

/**
 * What of the owner's folders this conversation may see. The folder where he stands is asked about once and the answer
 * remembered; where nobody can answer, only what he named or said before is shared. The group's own mounts are added as his list
 * allows them.
 */
export async function chooseMounts(
  { folders, currentFolder, ask }: FolderWishes,
  place: FolderPlace,
  signal: AbortSignal,
): Promise<ChosenFolders> {
  const chosen: ChosenFolder[] = [];
  for (const { path, canWrite } of folders) {
    const { resolve } = await import("node:path");
    const decision = await checkFolder(resolve(currentFolder, path), canWrite, place);
    if (!decision.isAllowed) throw new AppError("denied", decision.reason);
    chosen.push({ path: decision.source, canWrite, isNamed: true });
  }
  // Named for this conversation only: it is on record, but not remembered.
  for (const { path, canWrite } of chosen) await record(path, canWrite ? "write" : "read", place);
  const isNamed = chosen.some(({ path }) => path === currentFolder);
  const here = isNamed ? undefined : await shareCurrent(currentFolder, ask, place, signal);
  if (here !== undefined && !chosen.some(({ path }) => path === here.path)) {
    chosen.push({ ...here, isNamed: false });
  }
  const granted = await listGroupMounts(place.store.database, place.group.id);
  if (chosen.length + granted.length === 0) return nothingShared;
  const { mountFolders } = await import("./mount-folders.ts");
  const { mounts, ...rest } = await mountFolders(chosen, granted, place);
  const isHereShared = mounts.some(({ source }) => source === (here?.path ?? currentFolder));
  return { mounts, isHereShared: isHereShared && (isNamed || here !== undefined), ...rest };
}

/** By all rules there are, for this group. */
export async function checkFolder(
  path: string,
  canWrite: boolean,
  place: FolderPlace,
): Promise<SharedFolderDecision> {
  const { checkSharedFolder } = await import("../sandbox/shared-folder.ts");
  const { findAllowlistFile, findAllowlistFolders } = await import("./allowlist.ts");
  const { toSteeringFiles } = await import("./folder-place.ts");
  const list = await findAllowlistFolders(findAllowlistFile(place.environment));
  const ours = [place.dataFolder, ...toSteeringFiles(place), ...list];
  const protectedFolders = canWrite ? [...ours, place.programFolder] : ours;
  return await checkSharedFolder(path, {
    home: place.home,
    protectedFolders,
    canWrite,
    // As root, each group has a uid of its own.
    ...(place.uid === 0 ? { readerUid: place.group.uid } : {}),
  });
}

async function shareCurrent(
  currentFolder: string,
  ask: AskAboutFolder | undefined,
  place: FolderPlace,
  signal: AbortSignal,
): Promise<SharedFolder | undefined> {
  const known = await findSharedFolder(place.store.database, place.group.id, currentFolder);
  if (known === undefined && ask === undefined) return undefined;
  if (known?.access === "none") return undefined;
  const decision = await checkFolder(currentFolder, false, place);
  // Standing in one's home directory is no mistake, so it is no error: there is just nothing to ask.
  if (!decision.isAllowed) return undefined;
  const path = decision.source;
  const remembered =
    known?.access ?? (await findSharedFolder(place.store.database, place.group.id, path))?.access;
  const access = remembered ?? (await askAndRemember(path, ask, place, signal));
  if (access === "none") return undefined;
  if (access === "read") return { path, canWrite: false };
  const writing = await checkFolder(path, true, place);
  if (!writing.isAllowed) await place.tell(`${writing.reason} For now it is shared for reading.`);
  return { path, canWrite: writing.isAllowed };
}

async function askAndRemember(
  path: string,
  ask: AskAboutFolder | undefined,
  place: FolderPlace,
  signal: AbortSignal,
): Promise<FolderAccess> {
  if (ask === undefined) return "none";
  const access = await ask(path, signal);
  await record(path, access, place, (tx, now) =>
    rememberSharedFolder(tx, place.group.id, { path, access, now }),
  );
  return access;
}

/** The owner's word stands in the audit log; with `alongside`, what goes with it commits together. */
async function record(
  path: string,
  access: FolderAccess,
  { store, group, clock, uid }: FolderPlace,
  alongside: (tx: Transaction, now: number) => Promise<void> = async () => {},
): Promise<void> {
  const actor = createTerminalOwner(uid, group.name);
  const object = { group: group.name, name: `${access} ${path}` };
  const decision = await store.database.transaction(async (tx) => {
    const now = clock.now();
    const verdict = await decideIn(tx, { actor, action: "folder.share", object, taint: clean }, now);
    if (verdict.verdict === "allow") await alongside(tx, now);
    return verdict;
  });
  if (decision.verdict !== "allow") throw new AppError("denied", decision.reason);
}
