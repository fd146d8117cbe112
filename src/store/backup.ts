import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "./connection.ts";
import { makePrivateFile, makePrivateFolder } from "./private-files.ts";

/** Writes a whole copy of the database to `<folder>/<name>.db` (0600) and returns its path. Only a complete copy gets that name. */
export async function backUp(connection: Connection, folder: string, name: string): Promise<string> {
  await makePrivateFolder(folder);
  const path = join(folder, `${name}.db`);
  // Another process that opens at the same moment makes a copy of its own.
  const partial = `${path}.${crypto.randomUUID()}.partial`;
  await makePrivateFile(partial);
  try {
    connection.execute(`VACUUM INTO '${partial.replaceAll("'", "''")}'`);
    await flush(partial);
    await rename(partial, path);
    await flush(folder);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return path;
}

async function flush(path: string): Promise<void> {
  await using handle = await open(path, "r");
  await handle.sync();
}
