import { normalize, resolve } from "node:path";
import type { SandboxMount, SandboxPaths } from "../sandbox/sandbox.ts";

/** Where a path that a person wrote may lead. */
export type FilePlace =
  | {
      readonly type: "shared";
      readonly inside: string;
      /** On the host, below `root`. */
      readonly host: string;
      readonly root: string;
    }
  | { readonly type: "workspace"; readonly inside: string };

export interface FileGround {
  readonly mounts: readonly SandboxMount[];
  readonly paths: SandboxPaths;
  readonly currentFolder: string;
  readonly homeFolder: string;
}

/**
 * All places that a path can mean, the likeliest first: from where the person stands, below a shared folder by its
 * name, in the workspace. Only text is joined here; links are resolved by whoever opens it.
 */
export function toPlaces(path: string, ground: FileGround): readonly FilePlace[] {
  if (path.includes("\0")) return [];
  const { mounts, paths, homeFolder } = ground;
  const shared = mounts.map((mount, index) => ({ ...mount, inside: paths.mounts[index]?.path ?? "" }));
  const tilde = withHome(path, homeFolder);
  const fromHere = toHostPath(path, ground);
  const places: FilePlace[] = shared
    .filter(({ source }) => fromHere === source || fromHere.startsWith(`${source}/`))
    .map(({ source, inside }) => toShared(source, inside, fromHere.slice(source.length)));
  if (tilde.startsWith("/")) {
    const isInside = [paths.workspace, paths.home, paths.temporary].some((root) => isBelow(tilde, root));
    if (places.length === 0 && isInside) places.push({ type: "workspace", inside: normalize(tilde) });
    return places;
  }
  const relative = normalize(path);
  if (relative.startsWith("..")) return places;
  for (const { name, source, inside } of shared) {
    if (isBelow(relative, name)) places.push(toShared(source, inside, relative.slice(name.length)));
  }
  places.push({ type: "workspace", inside: `${paths.workspace}/${relative}` });
  return places;
}

/** Where it would be for the person's own shell. */
export function toHostPath(
  path: string,
  { currentFolder, homeFolder }: Pick<FileGround, "currentFolder" | "homeFolder">,
): string {
  return resolve(currentFolder, withHome(path, homeFolder));
}

function withHome(path: string, homeFolder: string): string {
  return path === "~" || path.startsWith("~/") ? homeFolder + path.slice(1) : path;
}

function toShared(root: string, inside: string, rest: string): FilePlace {
  return { type: "shared", inside: inside + rest, host: root + rest, root };
}

export function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}
