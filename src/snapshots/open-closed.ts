import type { ToolSandbox } from "../sandbox/sandbox.ts";
import type { Capture } from "./capture.ts";
import type { Manifest } from "./manifest.ts";
import { runInside } from "./run-inside.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** Folders within folders, each closed. */
const mostRounds = 16;
const timeoutMs = 60_000;

/**
 * What was closed to its own owner since `target` is opened, or nothing could be put back in it. In the result it has
 * the mode that it had, so that an undo of the undo closes it again.
 */
export async function openClosed(
  target: Manifest,
  sandbox: ToolSandbox,
  look: (previous: Manifest | undefined) => Promise<Capture>,
  signal: AbortSignal,
): Promise<Capture> {
  const modes = new Map<string, number>();
  let captured = await look(undefined);
  for (let round = 0; round < mostRounds; round++) {
    let hasOpened = false;
    for (const tree of captured.manifest.trees) {
      const closed = findClosed(tree, target).filter(({ path }) => !modes.has(toKey(tree, path)));
      if (closed.length === 0) continue;
      for (const { path, mode } of closed) modes.set(toKey(tree, path), mode);
      const stdin = Buffer.from(closed.map(({ path }) => `${tree.root.inside}/${path}\0`).join(""), "latin1");
      await runInside(sandbox, ["xargs", "--null", "chmod", "u+rwX"], { signal, stdin, timeoutMs });
      hasOpened = true;
    }
    if (!hasOpened) break;
    captured = await look(captured.manifest);
  }
  return { ...captured, manifest: withModes(captured.manifest, modes) };
}

/** But for what was closed then too: what it held is not known. */
function findClosed(tree: Tree, target: Manifest): TreeEntry[] {
  const before = target.trees.find(({ root }) => root.source === tree.root.source);
  const wasClosed = new Set(before?.entries.filter(isClosed).map(({ path }) => path));
  return tree.entries.filter((entry) => isClosed(entry) && !wasClosed.has(entry.path));
}

function isClosed(entry: TreeEntry): boolean {
  if (entry.type === "folder") return entry.isClosed;
  return entry.type === "file" && entry.content.type === "missing" && entry.content.reason === "unreadable";
}

function withModes(manifest: Manifest, modes: ReadonlyMap<string, number>): Manifest {
  if (modes.size === 0) return manifest;
  const trees = manifest.trees.map((tree) => ({
    ...tree,
    entries: tree.entries.map((entry) => ({
      ...entry,
      mode: modes.get(toKey(tree, entry.path)) ?? entry.mode,
    })),
  }));
  return { ...manifest, trees };
}

function toKey({ root }: Tree, path: string): string {
  return `${root.inside}\0${path}`;
}
