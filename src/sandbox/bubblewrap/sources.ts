import { AppError } from "../../errors.ts";
import type { MountRight, SandboxSpec } from "../sandbox.ts";
import { isMountName, toSandboxPaths } from "../sandbox-paths.ts";
import { systemFolders } from "./arguments.ts";
import {
  type CheckedFolder,
  openOwnFolder,
  openSharedFolder,
  type Owner,
  prepareMountPoint,
} from "./folders.ts";

/** A folder of the host and what it is inside. */
export interface Source {
  readonly folder: CheckedFolder;
  readonly target: string;
  readonly canWrite: boolean;
  readonly readRight?: () => Promise<MountRight>;
}

/** All that a group's sandbox shows of the host but its system, checked once. */
export interface Sources extends Disposable {
  readonly own: readonly Source[];
  readonly shared: readonly Source[];
  readonly all: readonly Source[];
}

export async function openSources(spec: SandboxSpec, owner: Owner | undefined): Promise<Sources> {
  requireMountNames(spec.mounts.map(({ name }) => name));
  const paths = toSandboxPaths(spec);
  using undo = new DisposableStack();
  async function openOwn(path: string, target: string): Promise<Source> {
    const folder = undo.use(await openOwnFolder(path, owner));
    requireHidden(folder);
    return { folder, target, canWrite: true };
  }
  const workspace = await openOwn(spec.workspace, paths.workspace);
  const own = [
    workspace,
    await openOwn(spec.home, paths.home),
    await openOwn(spec.temporary, paths.temporary),
  ];
  const shared: Source[] = [];
  for (const mount of spec.mounts) {
    const folder = undo.use(await openSharedFolder(mount, owner));
    const { canWrite, readRight } = mount;
    const target = `${paths.workspace}/extra/${mount.name}`;
    shared.push({ folder, target, canWrite, ...(readRight === undefined ? {} : { readRight }) });
  }
  if (shared.length > 0) prepareMountPoint(workspace.folder, owner);
  const opened = undo.move();
  return { own, shared, all: [...own, ...shared], [Symbol.dispose]: () => opened.dispose() };
}

/** What the owner allows of them now. */
export async function narrowSources(sources: Sources): Promise<Pick<Sources, "own" | "shared">> {
  const shared = await Promise.all(
    sources.shared.map(async (source): Promise<readonly Source[]> => {
      const right = (await source.readRight?.()) ?? "write";
      return right === "none" ? [] : [{ ...source, canWrite: source.canWrite && right === "write" }];
    }),
  );
  return { own: sources.own, shared: shared.flat() };
}

/** What lies below these is shown to every group. */
function requireHidden({ path }: CheckedFolder): void {
  const shown = systemFolders.find((folder) => path.startsWith(`${folder}/`));
  if (shown === undefined) return;
  throw new AppError("sandbox-unavailable", `${path} lies in ${shown}, which every sandbox can read.`, {
    hint: "Set NANOCLAW_HOME to a folder outside of the system.",
  });
}

function requireMountNames(names: readonly string[]): void {
  for (const name of names) {
    if (isMountName(name)) continue;
    throw new AppError("denied", `"${name}" is not a name for a shared folder.`, {
      hint: "Use letters, digits, dots, dashes and underscores.",
    });
  }
  if (new Set(names).size < names.length) {
    throw new AppError("conflict", "Two shared folders of this group have the same name.");
  }
}
