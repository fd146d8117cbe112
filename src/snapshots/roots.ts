import type { SandboxMount, SandboxPaths } from "../sandbox/sandbox.ts";
import type { Root } from "./tree.ts";

/** The folders of a sandbox that its commands can write and that outlast a session: the workspace, and what is shared for writing. */
export function toRoots(paths: SandboxPaths, mounts: readonly SandboxMount[]): Root[] {
  const shared = mounts.flatMap(({ source, canWrite }, index) => {
    const inside = paths.mounts[index]?.path;
    return canWrite && inside !== undefined ? [{ source, inside, hidesExtra: false }] : [];
  });
  return [{ source: undefined, inside: paths.workspace, hidesExtra: mounts.length > 0 }, ...shared];
}
