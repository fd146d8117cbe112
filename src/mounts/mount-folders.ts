import { AppError } from "../errors.ts";
import type { MountRight, SandboxMount } from "../sandbox/sandbox.ts";
import type { GroupMount } from "../store/group-mounts.ts";
import { isProcessAlive, readOwnHolder } from "../store/holder.ts";
import { giveFolderBack, lendFolder } from "../store/lent-folders.ts";
import type { Saying } from "../words/define-words.ts";
import { mountWords } from "../words/english/mount.ts";
import { AllowlistFile, findAllowlistFile, findAllowlistFolders } from "./allowlist.ts";
import { decideMount, findBlocked, type MountRules } from "./decide-mount.ts";
import { type ChosenFolder, type ChosenFolders, type FolderPlace, toSteeringFiles } from "./folder-place.ts";

/**
 * The folders of a conversation as mounts: what was said at the terminal, which needs no entry in the owner's list but obeys its blocked
 * patterns, and what the group has for good, as far as that list allows it now and again before each command. For a folder that is both,
 * the word at the terminal counts.
 */
export async function mountFolders(
  chosen: readonly ChosenFolder[],
  granted: readonly GroupMount[],
  place: FolderPlace,
): Promise<Omit<ChosenFolders, "isHereShared">> {
  const rules = await toMountRules(place);
  const { file } = rules;
  const mounts: SandboxMount[] = [];
  const names = new Set(granted.map(({ name }) => name));
  for (const folder of chosen) {
    const refusal = await refuseChosen(folder.path, rules.file);
    if (refusal !== undefined) {
      if (folder.isNamed) throw new AppError("denied", refusal);
      await place.tell(toLine(refusal));
      continue;
    }
    const name = granted.find(({ path }) => path === folder.path)?.name ?? toFreeName(folder.path, names);
    const readRight = async (): Promise<MountRight> =>
      (await refuseChosen(folder.path, rules.file)) === undefined ? "write" : "none";
    mounts.push({ name, source: folder.path, canWrite: folder.canWrite, readRight });
  }
  for (const mount of granted) {
    if (chosen.some(({ path }) => path === mount.path)) continue;
    const { name, path, canWrite } = mount;
    const decision = await decideGranted(mount, place, rules);
    if (decision.refusal !== undefined) await place.tell(toLine(decision.refusal, mount));
    if (decision.right === "none") continue;
    // Who reads was looked at; the folder stays open from now on.
    const { readerUid: _, ...later } = rules;
    // What cannot even be looked at is not mounted.
    const readRight = (): Promise<MountRight> =>
      decideGranted(mount, place, later).then(
        ({ right }) => right,
        () => "none",
      );
    mounts.push({ name, source: path, canWrite: canWrite && decision.right === "write", readRight });
  }
  const named = chosen.filter(({ isNamed }) => isNamed).map(({ path }) => path);
  return { ...(await lendAll(mounts, named, place)), readHiddenNames: () => readHiddenNames(place, file) };
}

/** Of the group's own mounts and of this machine. Nothing of ours is mounted, not even for reading. */
export async function toMountRules(place: FolderPlace): Promise<MountRules> {
  const file = new AllowlistFile(findAllowlistFile(place.environment), place.home);
  return {
    file,
    home: place.home,
    protectedFolders: [
      place.dataFolder,
      ...toSteeringFiles(place),
      place.programFolder,
      ...(await findAllowlistFolders(file.path)),
    ],
    // As root, each group has a uid of its own.
    ...(place.uid === 0 ? { readerUid: place.group.uid } : {}),
  };
}

/** What a mount that was added once may do now, and what hinders it. */
export async function decideGranted(
  { path, canWrite }: GroupMount,
  { group }: FolderPlace,
  rules: MountRules,
): Promise<{ readonly right: MountRight; readonly refusal?: Saying }> {
  const decision = await decideMount({ group: group.name, path, canWrite }, rules);
  if (!decision.isAllowed) return { right: "none", refusal: decision.refusal };
  if (decision.source !== path) {
    return { right: "none", refusal: { message: `${path} is a link now; it was mounted as a folder.` } };
  }
  if (decision.limit !== undefined) return { right: "read", refusal: decision.limit };
  return { right: decision.canWrite ? "write" : "read" };
}

async function refuseChosen(path: string, file: AllowlistFile): Promise<Saying | undefined> {
  const state = await file.load();
  if (state.type === "missing") return undefined;
  if (state.type === "invalid") return mountWords.badList({ file: file.path, reason: state.reason });
  const pattern = findBlocked(path, state.list);
  return pattern === undefined ? undefined : mountWords.blocked({ file: file.path, path, pattern });
}

/** What the owner's list hides in all that is shared. */
export async function readHiddenNames(
  { environment, home }: Pick<FolderPlace, "environment" | "home">,
  file = new AllowlistFile(findAllowlistFile(environment), home),
): Promise<readonly string[]> {
  const state = await file.load();
  return state.type === "valid" ? state.list.blockedPatterns : [];
}

/** Each that is written is lent to this group; one that another group writes now is read, or refused if it was named. */
async function lendAll(
  wished: readonly SandboxMount[],
  named: readonly string[],
  { store: { database }, group, clock, tell }: FolderPlace,
): Promise<Pick<ChosenFolders, "mounts" | "giveBack">> {
  const ids: number[] = [];
  async function giveBack(): Promise<void> {
    if (ids.length === 0) return;
    await database.transaction(async (tx) => {
      for (const id of ids.splice(0)) await giveFolderBack(tx, id);
    });
  }
  const mounts: SandboxMount[] = [];
  const holder = await readOwnHolder();
  for (const mount of wished) {
    if (!mount.canWrite) {
      mounts.push(mount);
      continue;
    }
    const place = { group: group.id, path: mount.source };
    const options = { holder, isAlive: isProcessAlive, now: clock.now() };
    const lending = await database.transaction((tx) => lendFolder(tx, place, options));
    if (lending.type === "lent") ids.push(lending.id);
    else {
      const refusal = mountWords.lent({ path: mount.source, group: lending.group, pid: lending.pid });
      if (named.includes(mount.source)) {
        await giveBack();
        throw new AppError("conflict", refusal);
      }
      await tell(`${refusal.message} For now it is shared for reading.`);
    }
    mounts.push({ ...mount, canWrite: lending.type === "lent" });
  }
  return { mounts, giveBack };
}

function toLine({ message }: Saying, mount?: GroupMount): string {
  return mount === undefined ? message : `The mount ${mount.name}: ${message}`;
}

/** A folder's own last name, as far as a sandbox takes it; a second one of that name gets a number. */
export function toFreeName(path: string, taken: Set<string>): string {
  const base = toMountName(path.slice(path.lastIndexOf("/") + 1));
  let name = base;
  for (let copy = 2; taken.has(name); copy++) name = `${base}-${copy}`;
  taken.add(name);
  return name;
}

/** Letters of any script stay; what may not stand first or at all goes, so that no folder is refused for its name. */
function toMountName(name: string): string {
  const plain = name.replace(/[^\p{L}\p{M}\p{N}._-]/gu, "_").replace(/^[^\p{L}\p{N}]+/u, "");
  const short = Array.from(plain).slice(0, 40).join("");
  return short === "" ? "folder" : short;
}
