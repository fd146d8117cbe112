import { findHome } from "../home.ts";
import type { CommandIo } from "./command-io.ts";
import { findConversation } from "./find-conversation.ts";
import type { GroupDirectory, MessageDirectory, Services } from "./services.ts";

/** What the commands work with on this machine. Each opens what it needs and closes it again. */
export function openServices(io: CommandIo): Services {
  async function loadMessages(): Promise<MessageDirectory> {
    const [{ openMessages }, { openOwnStore }] = await Promise.all([
      import("./open-messages.ts"),
      import("./own-store.ts"),
    ]);
    return openMessages(io, (signal) => openOwnStore(io, signal));
  }
  async function loadGroups(): Promise<GroupDirectory> {
    const { openGroups } = await import("./open-groups.ts");
    return openGroups(io);
  }
  return {
    openConversation: async (options, signal) => {
      if (options.isLasting !== true) return await findConversation(options, io, signal);
      const { openMoving } = await import("./open-moving.ts");
      return await openMoving(options, io, signal);
    },
    groups: {
      list: async (signal) => (await loadGroups()).list(signal),
      describe: async (name, signal) => (await loadGroups()).describe(name, signal),
      add: async (name, template, signal) => (await loadGroups()).add(name, template, signal),
    },
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
      const [{ listModels }, { allow, openOwnStore }] = await Promise.all([
        import("./list-models.ts"),
        import("./own-store.ts"),
      ]);
      await using store = await openOwnStore(io, signal);
      await allow(store, "models.list", "all models");
      return await listModels(io, signal);
    },
    logIn: async (signal) => {
      const [{ offerModel }, { allow, openOwnStore }] = await Promise.all([
        import("./offer-model.ts"),
        import("./own-store.ts"),
      ]);
      await using store = await openOwnStore(io, signal);
      await allow(store, "secret.write", "sign in");
      await allow(store, "config.write", "sign in");
      return await offerModel(findHome(io.env), io, signal);
    },
    openPast: async (group, signal) => {
      const [{ openPast }, { openOwnStore }, { readConfig }] = await Promise.all([
        import("./open-past.ts"),
        import("./own-store.ts"),
        import("./read-config.ts"),
      ]);
      const { limits } = await readConfig(findHome(io.env), io);
      return await openPast(group, await openOwnStore(io, signal), limits);
    },
  };
}
