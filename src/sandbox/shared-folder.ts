import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import type { Identity, OwnerMapping } from "./owner-mapping.ts";
import { isSecretName, isSteeringFolder } from "./protected-names.ts";

export interface SharedFolderRules {
  /** The owner's home directory. */
  readonly home: string;
  /** `NANOCLAW_HOME`, the program's own folder, the mount allowlist's folder: never shared, nor anything around or inside them. */
  readonly protectedFolders: readonly string[];
  /** Whether the group may write there too. */
  readonly canWrite: boolean;
  /** As whom the group reads on the host; ourselves without it. */
  readonly readerUid?: number;
}

export type SharedFolderDecision =
  /** `source` has no links in it; a sandbox refuses it when that changes. */
  | { readonly isAllowed: true; readonly source: string }
  | { readonly isAllowed: false; readonly reason: string };

const systemFolders = [
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/proc",
  "/run",
  "/sbin",
  "/sys",
  "/usr",
  "/var/lib",
  "/var/log",
  "/var/run",
  "/var/spool",
];

/** Whether the owner may share `path` with a group at all, and as what. Never throws: a refusal is a sentence for the owner. */
export async function checkSharedFolder(
  path: string,
  rules: SharedFolderRules,
): Promise<SharedFolderDecision> {
  const shape = refuseShape(path);
  if (shape !== undefined) return refuse(shape);
  const source = await toRealPath(path);
  if (source === undefined) return refuse(`${path} does not exist or cannot be reached.`);
  const status = await lstat(source).catch(() => undefined);
  if (status?.isDirectory() !== true) return refuse(`${path} is a file. Only folders can be shared.`);
  // The real path may hold what the given one did not.
  const reason =
    refuseShape(source) ??
    (await refusePlace(source, rules)) ??
    refuseName(source, rules.canWrite) ??
    (rules.readerUid === undefined ? undefined : await refuseReader(source, rules.readerUid, rules.canWrite));
  return reason === undefined ? { isAllowed: true, source } : refuse(reason);
}

export type FolderAccess =
  | { readonly type: "plain" }
  /** By a mount in which the files of the folder's owner are the group's. */
  | { readonly type: "mapped"; readonly mapping: OwnerMapping }
  | { readonly type: "refused"; readonly reason: string };

/**
 * How a group reads or writes an open folder of somebody else's. Its uid is nobody there, modes decide, and we never loosen them: as who
 * owns the folder where there can be such mounts, else by what the modes give to others.
 */
export async function findAccess(
  source: string,
  folder: number,
  reader: Identity,
  canWrite: boolean,
): Promise<FolderAccess> {
  const { mode, uid, gid } = fstatSync(folder);
  const rights = uid === reader.uid ? mode >> 6 : mode;
  const isClosed = (rights & 0o5) !== 0o5 || (canWrite && (rights & 0o2) === 0);
  if (uid !== reader.uid && (canWrite || isClosed)) {
    const { mapOwner } = await import("./owner-mapping.ts");
    const mapping = { from: { uid, gid }, to: reader };
    const mount = await mapOwner(folder, mapping, canWrite);
    if (mount !== undefined) {
      closeSync(mount);
      return { type: "mapped", mapping };
    }
  }
  if (!isClosed) return { type: "plain" };
  const what = (rights & 0o5) === 0o5 ? "written" : "read";
  const remedy =
    what === "written"
      ? "Share it for reading, or run NanoClaw as the user whose folder it is."
      : `Share a folder that others may read, or allow it: chmod o+rx ${JSON.stringify(source)}`;
  return {
    type: "refused",
    reason: `${source} cannot be ${what} by the uid of this group (${reader.uid}), and its file system or this kernel cannot lend it as its owner's (no idmapped mounts). ${remedy}`,
  };
}

async function refuseReader(source: string, uid: number, canWrite: boolean): Promise<string | undefined> {
  const folder = openFolder(source);
  if (folder === undefined) return `${source} does not exist or cannot be reached.`;
  try {
    const access = await findAccess(source, folder, { uid, gid: uid }, canWrite);
    return access.type === "refused" ? access.reason : undefined;
  } finally {
    closeSync(folder);
  }
}

function openFolder(path: string): number | undefined {
  try {
    return openSync(path, pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch {
    // It is no longer what it was a moment ago.
    return undefined;
  }
}

/** `O_PATH`: names the folder without opening it. */
const pathOnly = 0o10000000;

function refuse(reason: string): SharedFolderDecision {
  return { isAllowed: false, reason };
}

function refuseShape(path: string): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/u.test(path)) {
    return "The folder's name holds a character that cannot be shown. Rename it first.";
  }
  if (!isAbsolute(path)) return `${path} is not an absolute path.`;
  return undefined;
}

async function refusePlace(
  source: string,
  { home, protectedFolders }: SharedFolderRules,
): Promise<string | undefined> {
  const realHome = (await toRealPath(home)) ?? home;
  if (isWithin(realHome, source)) {
    return `${source} holds your whole home folder. Share a folder inside it.`;
  }
  const system = systemFolders.find((folder) => isWithin(source, folder) || isWithin(folder, source));
  if (system !== undefined) return `${source} belongs to the system (${system}). Share a folder of your own.`;
  for (const folder of protectedFolders) {
    const real = (await toRealPath(folder)) ?? folder;
    if (isWithin(source, real) || isWithin(real, source)) {
      return `${source} holds NanoClaw's own files (${real}). Share another folder.`;
    }
  }
  return undefined;
}

function refuseName(source: string, canWrite: boolean): string | undefined {
  const names = source.split(sep).filter((name) => name !== "");
  const secret = names.find(isSecretName);
  if (secret !== undefined) return `${source} has ${secret} in its path, which is known to hold secrets.`;
  if (!canWrite || !isSteeringFolder(names)) return undefined;
  return `${source} steers programs of yours. Share it for reading, or share a folder beside it.`;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

async function toRealPath(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
