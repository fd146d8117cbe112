import { constants } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { isLeftOut, sandboxFolders } from "./layout.ts";

/** A file of the owner's that goes into the backup. */
export interface OwnerFile {
  /** Below `NANOCLAW_HOME`. */
  readonly path: string;
  readonly mode: number;
  read(): AsyncIterable<Uint8Array>;
}

const pieceBytes = 256 * 1024;

/**
 * What stands in `NANOCLAW_HOME` but for the database and what a sandbox can write. A link in the folder itself is a
 * file that the owner keeps elsewhere; deeper ones, pipes and sockets are left out and named in `leftOut`.
 */
export async function* listOwnerFiles(root: string, leftOut: string[]): AsyncGenerator<OwnerFile> {
  for (const entry of await readSorted(root)) {
    const { name } = entry;
    if (isLeftOut(name) || name === "nanoclaw.db") continue;
    if (name === "groups") yield* listGroups(root, leftOut);
    else if (entry.isDirectory()) yield* walk(root, name, leftOut);
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(`${root}/${name}`)))) {
      yield await toFile(root, name, entry.isSymbolicLink());
    } else leftOut.push(name);
  }
}

async function* listGroups(root: string, leftOut: string[]): AsyncGenerator<OwnerFile> {
  for (const group of await readSorted(`${root}/groups`)) {
    const path = `groups/${group.name}`;
    if (!group.isDirectory()) {
      leftOut.push(path);
      continue;
    }
    for (const entry of await readSorted(`${root}/${path}`)) {
      if (!sandboxFolders.has(entry.name)) yield* take(root, `${path}/${entry.name}`, entry, leftOut);
    }
  }
}

async function* walk(root: string, path: string, leftOut: string[]): AsyncGenerator<OwnerFile> {
  for (const entry of await readSorted(`${root}/${path}`))
    yield* take(root, `${path}/${entry.name}`, entry, leftOut);
}

async function* take(root: string, path: string, entry: Kind, leftOut: string[]): AsyncGenerator<OwnerFile> {
  if (entry.isDirectory()) yield* walk(root, path, leftOut);
  else if (entry.isFile()) yield await toFile(root, path, false);
  else leftOut.push(path);
}

interface Kind {
  readonly name: string;
  isDirectory(): boolean;
  isFile(): boolean;
  isSymbolicLink(): boolean;
}

async function readSorted(folder: string): Promise<Kind[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isFile(),
    () => false,
  );
}

async function toFile(root: string, path: string, isLink: boolean): Promise<OwnerFile> {
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (isLink ? 0 : constants.O_NOFOLLOW);
  const { mode } = await stat(`${root}/${path}`);
  return {
    path,
    mode: (mode & 0o700) | 0o600,
    async *read() {
      await using file = await open(`${root}/${path}`, flags);
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(pieceBytes), 0, pieceBytes, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    },
  };
}
