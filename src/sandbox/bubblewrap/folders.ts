import { constants, fchmodSync, fchownSync, fstatSync, lstatSync, mkdirSync, readlinkSync } from "node:fs";
import { mkdir, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError, systemCode } from "../../errors.ts";
import type { SandboxMount } from "../sandbox.ts";
import type { Identity, OwnerMapping } from "../owner-mapping.ts";
import { findAccess } from "../shared-folder.ts";
import { Descriptor } from "./descriptor.ts";

/** A folder that was looked at once and stays what it was: the open descriptor keeps its inode from being given to another. */
export interface CheckedFolder extends Disposable {
  readonly path: string;
  readonly descriptor: Descriptor;
  /** `device:inode`, as `stat -c %d:%i` prints it. */
  readonly identity: string;
  /** It is shown so that the files of its owner are the group's. */
  readonly mapping?: OwnerMapping;
}

export type Owner = Identity;

const directoryFlags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * A folder of the group itself. Made when missing (its parent must exist); only then, and only the folder itself,
 * is it given to `owner`, through its descriptor and never through a name.
 */
export async function openOwnFolder(path: string, owner: Owner | undefined): Promise<CheckedFolder> {
  const real = join(await realpath(dirname(path)), basename(path));
  await mkdir(real, { mode: 0o700 }).catch(ignoreExisting);
  const folder = openFolder(real);
  try {
    if (owner !== undefined) await giveTo(owner, folder);
    return folder;
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/** A folder of the owner that passed `checkSharedFolder`. A link anywhere in its path means that it was swapped since. */
export async function openSharedFolder(
  mount: SandboxMount,
  reader: Owner | undefined,
): Promise<CheckedFolder> {
  const folder = openFolder(mount.source);
  try {
    if (readlinkSync(`/proc/self/fd/${folder.descriptor.number}`) !== mount.source) {
      throw new AppError("sandbox-failed", `${mount.source} is a link now; it was shared as a folder.`);
    }
    if (reader === undefined) return folder;
    const access = await findAccess(mount.source, folder.descriptor.number, reader, mount.canWrite);
    if (access.type === "refused") throw new AppError("denied", access.reason);
    return access.type === "mapped" ? { ...folder, mapping: access.mapping } : folder;
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
}

/**
 * Makes `extra`, on which the shared folders are mounted, in the workspace. One name below an open descriptor:
 * nothing that an earlier command left there is followed.
 */
export function prepareMountPoint(workspace: CheckedFolder, owner: Owner | undefined): void {
  const path = `/proc/self/fd/${workspace.descriptor.number}/extra`;
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    ignoreExisting(error);
    if (lstatSync(path).isDirectory()) return;
    throw new AppError(
      "sandbox-failed",
      "The name extra in the workspace is taken by something else than a folder.",
      {
        hint: "Shared folders appear there. Ask the assistant to rename it.",
      },
    );
  }
  using made = Descriptor.open(path, directoryFlags);
  if (owner !== undefined) fchownSync(made.number, owner.uid, owner.gid);
}

function openFolder(path: string): CheckedFolder {
  try {
    const descriptor = Descriptor.open(path, directoryFlags);
    const { dev, ino } = fstatSync(descriptor.number, { bigint: true });
    return { path, descriptor, identity: `${dev}:${ino}`, [Symbol.dispose]: () => descriptor.close() };
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ELOOP" || code === "ENOTDIR") {
      throw new AppError("sandbox-failed", `${path} is a link or a file, not a folder.`, { cause });
    }
    throw cause;
  }
}

async function giveTo(owner: Owner, folder: CheckedFolder): Promise<void> {
  const { uid } = fstatSync(folder.descriptor.number);
  if (uid === owner.uid) return;
  // Root's and empty: just made, perhaps by a process that died before this line.
  if (uid !== 0 || (await readdir(folder.path)).length > 0) {
    throw new AppError(
      "sandbox-failed",
      `${folder.path} belongs to uid ${uid}, not to this group (${owner.uid}).`,
      {
        hint: "Each group has its own folders; give it a new one, or the one that it had.",
      },
    );
  }
  fchmodSync(folder.descriptor.number, 0o700);
  try {
    fchownSync(folder.descriptor.number, owner.uid, owner.gid);
  } catch (cause) {
    if (systemCode(cause) !== "EINVAL") throw cause;
    throw new AppError("sandbox-unavailable", `Root has no uid ${owner.uid} here to run this group as.`, {
      hint: "This is a container with few uids of its own: run NanoClaw in it as an ordinary user, or give it more.",
      cause,
    });
  }
}

function ignoreExisting(error: unknown): void {
  if (systemCode(error) !== "EEXIST") throw error;
}
