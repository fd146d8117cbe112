import { mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "../errors.ts";
import { endFolderMove, listFolderMoves } from "../store/folder-moves.ts";
import type { Store } from "../store/store.ts";

/**
 * Brings the folders of renamed and removed groups to where their rows say, also what a process that died had begun. Only
 * names are changed: nothing below the folders is opened. Several processes may do it at once.
 */
export async function finishMoves({ database, folder }: Store): Promise<void> {
  for (const { group, source, destination } of await listFolderMoves(database)) {
    const to = `${folder}/${destination}`;
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    try {
      await rename(`${folder}/${source}`, to);
    } catch (error) {
      // Another has moved it, or the group was never used and has no folder.
      if (systemCode(error) !== "ENOENT") throw error;
    }
    await database.transaction((tx) => endFolderMove(tx, group));
  }
}

/** Throws nothing but what is no answer: a path that cannot be looked at may be there. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}
