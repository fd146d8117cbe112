import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { readArchive } from "./archive-reader.ts";
import type { ContentStore, KeptContent } from "./content-store.ts";
import { startInside } from "./run-inside.ts";
import type { ListedFile, Root } from "./tree.ts";

/** GNU tar opens each name without following a link and without waiting for a pipe's other end. */
const command = [
  ...["tar", "--create", "--file=-", "--format=gnu"],
  ...["--null", "--no-recursion", "--hard-dereference", "--ignore-failed-read", "--files-from=-"],
];

export interface CopyOptions {
  readonly store: ContentStore;
  /** What may be copied no matter how the files grow meanwhile. */
  readonly mostBytes: number;
  readonly timeoutMs: number;
}

/**
 * Streams `files` out of the sandbox into the store. What has vanished, can't be read, has another size now or comes
 * too late is not in the result; whether the rest was written meanwhile is for the caller to see.
 */
export async function copyContents(
  sandbox: ToolSandbox,
  root: Root,
  files: readonly ListedFile[],
  { store, mostBytes, timeoutMs }: CopyOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<ListedFile, KeptContent>> {
  const wanted = new Map(files.map((file) => [`./${file.path}`, file]));
  const stdin = Buffer.from([...wanted.keys()].map((path) => `${path}\0`).join(""), "latin1");
  const child = await startInside(sandbox, command, { signal, stdin, cwd: root.inside, timeoutMs });
  const copied = new Map<ListedFile, KeptContent>();
  let bytes = 0;
  try {
    for await (const { path, size, body } of readArchive(child.stdout)) {
      bytes += size;
      if (bytes > mostBytes) break;
      const file = wanted.get(path);
      if (file?.size !== size) continue;
      const kept = await store.keep(body, size);
      if (kept !== undefined) copied.set(file, kept);
    }
  } finally {
    child.kill();
    await child.exited;
  }
  signal.throwIfAborted();
  return copied;
}
