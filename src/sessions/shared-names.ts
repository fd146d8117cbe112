import { lstat, opendir, realpath } from "node:fs/promises";
import type { FilePlace } from "./file-places.ts";

/**
 * The names in a shared folder, folders with a slash at the end, at most `limit`. Nothing is opened but the folder
 * itself, and only while it really lies in what is shared; what cannot be listed has no names.
 */
export async function listShared(
  place: Extract<FilePlace, { type: "shared" }>,
  limit: number,
): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    const folder = await realpath(place.host);
    const root = await realpath(place.root);
    if (folder !== root && !folder.startsWith(`${root}/`)) return [];
    for await (const entry of await opendir(folder)) {
      names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
      if (names.length >= limit) break;
    }
  } catch {
    // It is not there, is no folder, or is not ours to read.
  }
  return names;
}

/** Whether something of that name stands in a shared folder. */
export async function existsShared(place: FilePlace): Promise<boolean> {
  if (place.type !== "shared") return false;
  try {
    await lstat(place.host);
    return true;
  } catch {
    return false;
  }
}
