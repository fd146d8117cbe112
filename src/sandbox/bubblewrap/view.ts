import { AppError } from "../../errors.ts";
import type { SandboxSpec } from "../sandbox.ts";
import { toSandboxPaths } from "../sandbox-paths.ts";
import { type Covers, toCoverArguments } from "./covers.ts";
import {
  type CheckedFolder,
  openOwnFolder,
  openSharedFolder,
  type Owner,
  prepareMountPoint,
} from "./folders.ts";
import type { Inherited } from "./inherited.ts";
import type { Stage } from "./stage.ts";

/** A folder of the host and what it is inside. */
export interface Source {
  readonly folder: CheckedFolder;
  readonly target: string;
  readonly canWrite: boolean;
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
    return { folder: undo.use(await openOwnFolder(path, owner)), target, canWrite: true };
  }
  const workspace = await openOwn(spec.workspace, paths.workspace);
  const own = [
    workspace,
    await openOwn(spec.home, paths.home),
    await openOwn(spec.temporary, paths.temporary),
  ];
  const shared = spec.mounts.map((mount) => {
    const folder = undo.use(openSharedFolder(mount, owner));
    return { folder, target: `${paths.workspace}/extra/${mount.name}`, canWrite: mount.canWrite };
  });
  if (shared.length > 0) prepareMountPoint(workspace.folder, owner);
  const opened = undo.move();
  return { own, shared, all: [...own, ...shared], [Symbol.dispose]: () => opened.dispose() };
}

/** The folders of the group, then what the owner shares, with all that is hidden or kept in it. */
export function toGroupView(
  sources: Sources,
  covers: readonly Covers[],
  inherited: Inherited,
  stage: Stage | undefined,
): string[] {
  const own = sources.own.flatMap((source) => toBind(source, source.canWrite, inherited, stage));
  if (sources.shared.length === 0) return own;
  const shared = sources.shared.flatMap((source, index) => {
    const found = covers[index];
    if (found === undefined) throw new Error("a shared folder was not searched");
    return [
      ...toBind(source, source.canWrite, inherited, stage),
      ...toCoverArguments({ ...source, staged: stage?.pathOf(source) }, found, inherited),
    ];
  });
  // A file system of its own: what the group leaves below its workspace is never a place to mount on.
  const mountPoint = `${sources.own[0]?.target}/extra`;
  return [
    ...own,
    ...["--perms", "0555", "--size", "65536", "--tmpfs", mountPoint],
    ...shared,
    ...["--remount-ro", mountPoint],
  ];
}

/** The shared folders alone, where the group's commands will find them. */
export function toSearchView(sources: Sources, inherited: Inherited, stage: Stage | undefined): string[] {
  return sources.shared.flatMap((source) => toBind(source, false, inherited, stage));
}

/** On the stage by its path; without one by the descriptor that was checked. */
function toBind(source: Source, canWrite: boolean, inherited: Inherited, stage: Stage | undefined): string[] {
  const option = canWrite ? "--bind" : "--ro-bind";
  return stage === undefined
    ? [`${option}-fd`, inherited.lend(source.folder.descriptor), source.target]
    : [option, stage.pathOf(source), source.target];
}

function requireMountNames(names: readonly string[]): void {
  for (const name of names) {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) continue;
    throw new AppError("denied", `"${name}" is not a name for a shared folder.`, {
      hint: "Use letters, digits, dots, dashes and underscores.",
    });
  }
  if (new Set(names).size < names.length) {
    throw new AppError("conflict", "Two shared folders of this group have the same name.");
  }
}
