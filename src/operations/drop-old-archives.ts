import { readdir, rm, stat } from "node:fs/promises";
import { systemCode } from "../errors.ts";
import { groupPaths } from "../home.ts";
import { listGroups } from "../store/groups.ts";
import type { Store } from "../store/store.ts";

/** Conversations as files of all groups, written last before `before`. Returns how many went. */
export async function dropOldArchives(
  { database, folder }: Pick<Store, "database" | "folder">,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let dropped = 0;
  for (const { name } of await listGroups(database)) {
    const { conversations } = groupPaths({ groups: `${folder}/groups` }, name);
    for (const file of await listArchives(conversations)) {
      signal.throwIfAborted();
      const path = `${conversations}/${file}`;
      if ((await stat(path)).mtimeMs >= before) continue;
      await rm(path, { force: true });
      dropped += 1;
    }
  }
  return dropped;
}

/** Of our own names only: what the owner put there is his. */
async function listArchives(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => /^\d{4}-\d\d-\d\d-\d+[a-z0-9-]*\.md$/.test(name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
