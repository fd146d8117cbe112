import { AppError } from "../errors.ts";
import { findHome, groupPaths } from "../home.ts";
import { listChats } from "../store/chats.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { getGroup, summarizeGroups, type GroupSummary as GroupRow } from "../store/groups.ts";
import { groupWords } from "../words/english/group.ts";
import type { CommandIo } from "./command-io.ts";
import { toGroupsPlace } from "./groups-place.ts";
import { allow, allowIn, openOwnStore } from "./own-store.ts";
import type { GroupDirectory, GroupSummary } from "./services.ts";

/** The groups of this machine, for whoever stands at this terminal. */
export function openGroups(io: CommandIo): GroupDirectory {
  return {
    async list(signal) {
      await using store = await openOwnStore(io, signal);
      await allow(store, "groups.list", "all groups");
      return (await summarizeGroups(store.database)).map((row) => toSummary(row, io));
    },
    async describe(name, signal) {
      await using store = await openOwnStore(io, signal);
      await allow(store, "groups.list", name);
      const { database } = store;
      const group = await getGroup(database, name);
      const row = (await summarizeGroups(database)).find(({ id }) => id === group.id);
      if (row === undefined) throw new AppError("not-found", groupWords.moved({ name, current: undefined }));
      const chats = await listChats(database, group.id);
      return {
        ...toSummary(row, io),
        settings: await readGroupSettings(database, group.id),
        chatList: chats.map(({ id, channel, chat, title = chat, isPrivate }) => ({
          id,
          channel,
          title,
          isPrivate,
        })),
      };
    },
    async add(name, template, signal) {
      await using store = await openOwnStore(io, signal);
      const { createGroup } = await import("../groups/change-groups.ts");
      const place = toGroupsPlace(store, io, (tx) => allowIn(tx, "groups.add", name));
      const { id } = await createGroup({ name, ...(template === undefined ? {} : { template }) }, place);
      const added = (await summarizeGroups(store.database)).find((row) => row.id === id);
      if (added === undefined) throw new AppError("conflict", groupWords.moved({ name, current: undefined }));
      return toSummary(added, io);
    },
  };
}

function toSummary(row: GroupRow, io: CommandIo): GroupSummary {
  const { name, createdAt, sessions, entries, chats } = row;
  return { name, folder: groupPaths(findHome(io.env), name).root, createdAt, sessions, entries, chats };
}
