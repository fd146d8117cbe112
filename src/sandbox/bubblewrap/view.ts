import { type Covers, parseMounts, requireCovered, toCoverArguments } from "./covers.ts";
import type { Inherited } from "./descriptor.ts";
import type { Source, Sources } from "./sources.ts";
import type { Stage } from "./stage.ts";

/** The sources of one call. */
export type Shown = Pick<Sources, "own" | "shared">;

/** The folders of the group, then what the owner shares, with all that is hidden or kept in it. */
export function toGroupView(
  sources: Shown,
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

/** Whether the sandbox that was made shows what was asked for; nothing has run in it yet. Throws `AppError("sandbox-failed")`. */
export function requireGroupView(
  { shared }: Pick<Sources, "shared">,
  covers: readonly Covers[],
  readMountInfo: () => string,
): void {
  const isBare = covers.every(
    ({ hiddenFiles, hiddenFolders, kept }) => hiddenFiles.length + hiddenFolders.length + kept.length === 0,
  );
  if (isBare) return;
  const mounts = parseMounts(readMountInfo());
  for (const [index, source] of shared.entries()) {
    const found = covers[index];
    if (found !== undefined) requireCovered(source, found, mounts);
  }
}

/** The shared folders alone, where the group's commands will find them. */
export function toSearchView(sources: Shown, inherited: Inherited, stage: Stage | undefined): string[] {
  return sources.shared.flatMap((source) => toBind(source, false, inherited, stage));
}

/** On the stage by its path; without one by the descriptor that was checked. */
function toBind(source: Source, canWrite: boolean, inherited: Inherited, stage: Stage | undefined): string[] {
  const option = canWrite ? "--bind" : "--ro-bind";
  return stage === undefined
    ? [`${option}-fd`, inherited.lend(source.folder.descriptor), source.target]
    : [option, stage.pathOf(source), source.target];
}
