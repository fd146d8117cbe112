import { chmod, mkdir, open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, systemCode } from "../errors.ts";
import { storeWords } from "../words/english/store.ts";

/** Makes `folder` 0700, whatever the umask is. A folder that everybody may write stays as it is and is refused. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode } = await stat(folder);
  if ((mode & 0o1000) !== 0) {
    throw new AppError("store", storeWords.folderForEverybody({ folder }));
  }
  if ((mode & 0o777) !== 0o700) await chmod(folder, 0o700);
}

/** Makes `file` 0600, whatever the umask is; empty if it was not there. */
export async function makePrivateFile(file: string): Promise<void> {
  await using handle = await open(file, "a", 0o600);
  const { mode } = await handle.stat();
  if ((mode & 0o777) !== 0o600) await handle.chmod(0o600);
}

/** Whether groups, backups or a log show that a database has been here: then an empty one must not take its place. */
export async function hasTraces(folder: string, file: string): Promise<boolean> {
  if (await isFilled(`${file}-wal`)) return true;
  const backups = await list(join(folder, "backups"));
  if (backups.some((name) => name.endsWith(".db"))) return true;
  for (const group of await list(join(folder, "groups"))) {
    const parts = await list(join(folder, "groups", group));
    if (parts.includes("workspace") || parts.includes("home")) return true;
  }
  return false;
}

async function isFilled(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 0;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
