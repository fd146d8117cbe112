import { AppError } from "../errors.ts";
import { findHome, groupPaths } from "../home.ts";
import { listChats } from "../store/chats.ts";
import { readGroupSettings } from "../store/group-settings.ts";
import { groupWords } from "../words/english/group.ts";
import { getGroup, summarizeGroups, type GroupSummary as GroupRow } from "../store/groups.ts";
import type { CommandIo } from "./command-io.ts";
import { openConversation, readConfig } from "./open-conversation.ts";
import type { GroupDirectory, GroupSummary, MessageDirectory, Services } from "./services.ts";
import { allow, allowIn, openOwnStore } from "./own-store.ts";
import { toGroupsPlace } from "./groups-place.ts";

/** What the commands work with on this machine. Each opens what it needs and closes it again. */
export function openServices(io: CommandIo): Services {
  async function loadMessages(): Promise<MessageDirectory> {
    const { openMessages } = await import("./open-messages.ts");
    return openMessages(io, (signal) => openOwnStore(io, signal));
  }
  return {
    openConversation: async (options, signal) => {
      if (options.isLasting !== true) return await openConversation(options, io, signal);
      const { openMoving } = await import("./open-moving.ts");
      return await openMoving(options, io, signal);
    },
    groups: createGroupDirectory(io),
    messages: {
      list: async (options, signal) => (await loadMessages()).list(options, signal),
      redrive: async (message, signal) => (await loadMessages()).redrive(message, signal),
      tell: async (message, signal) => (await loadMessages()).tell(message, signal),
    },
    openUndo: async (group, signal) => {
      const { openUndo } = await import("./open-undo.ts");
      return await openUndo(group, io, signal);
    },
    readStatus: async (signal) => {
      const { readStatus } = await import("./read-status.ts");
      return await readStatus(io, signal);
    },
    historyPath: () => `${findHome(io.env).root}/history`,
    listModels: async (signal) => {
      const { listModels } = await import("./list-models.ts");
      await using store = await openOwnStore(io, signal);
      await allow(store, "models.list", "all models");
      return await listModels(io, signal);
    },
    logIn: async (signal) => {
      const { offerModel } = await import("./offer-model.ts");
      await using store = await openOwnStore(io, signal);
      await allow(store, "secret.write", "sign in");
      await allow(store, "config.write", "sign in");
      return await offerModel(findHome(io.env), io, signal);
    },
    openPast: async (group, signal) => {
      const { openPast } = await import("./open-past.ts");
      const { limits } = await readConfig(findHome(io.env), io);
      return await openPast(group, await openOwnStore(io, signal), limits);
    },
  };
}

function createGroupDirectory(io: CommandIo): GroupDirectory {
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
