import { groupPaths, type HomePaths } from "../home.ts";
import type { Group } from "../store/groups.ts";
import type { Store } from "../store/store.ts";
import type { GroupFile } from "../group-folder.ts";

/** The first use of a group makes its folder; started by root, it also settles whose its files are on the host. */
export async function prepareGroup(
  group: Group,
  home: Pick<HomePaths, "groups">,
  store: Store,
  files?: readonly GroupFile[],
): Promise<Group> {
  const paths = groupPaths(home, group.name);
  if (await Bun.file(paths.agents).exists()) return group;
  const { finishMoves } = await import("./finish-moves.ts");
  await finishMoves(store);
  if (await Bun.file(paths.agents).exists()) return group;
  const { createGroupFolder } = await import("../group-folder.ts");
  const { settleUid } = await import("./settle-uid.ts");
  const settled = process.getuid?.() === 0 ? await settleUid(group, store.database) : group;
  createGroupFolder(paths, files);
  return settled;
}
