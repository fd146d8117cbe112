import type { GroupConversation } from "../turns/group-conversation.ts";
import { loadConfig } from "../config.ts";
import type { ChatDesk } from "../slash/chat-desk.ts";
import { countEntries } from "../store/entries.ts";
import { readGroupChoice } from "../store/group-choice.ts";
import { listGroupMounts } from "../store/group-mounts.ts";
import type { Group } from "../store/groups.ts";
import { findCurrentSession } from "../store/sessions.ts";
import { sumUsage } from "../store/usage.ts";
import { noUsage } from "../providers/provider.ts";
import type { ResolvedModel } from "../providers/resolve.ts";
import type { CommandIo } from "./command-io.ts";
import type { ConversationPlace } from "./open-conversation.ts";

export interface ChatDeskOptions {
  /** As the configuration is now. */
  readonly place: () => ConversationPlace;
  readonly io: CommandIo;
  readonly converse: (group: Group) => Promise<GroupConversation>;
}

/** What commands that people write in chats do with a group, of store, configuration and conversations. */
export function createChatDesk({ place, io, converse }: ChatDeskOptions): ChatDesk {
  async function find(name: string | undefined, signal: AbortSignal): Promise<ResolvedModel> {
    const { home } = place();
    const { config } = await loadConfig(home.config, io.env);
    const { findModel } = await import("./model.ts");
    return await findModel({ home, config, environment: io.env }, name, signal);
  }
  return {
    async describe(group, signal) {
      const { store, config } = place();
      const { database } = store;
      const { loadSandboxRuntime } = await import("../sandbox/registry.ts");
      const session = await findCurrentSession(database, group.id);
      const [model, runtime, mounts] = await Promise.all([
        readGroupChoice(database, group.id, "model").then((name) => find(name, signal)),
        loadSandboxRuntime(config.sandbox.runtime),
        listGroupMounts(database, group.id),
      ]);
      const probe = await runtime.probe(signal);
      return {
        group: group.name,
        session: session === undefined ? "–" : (session.name ?? String(session.id)),
        model: model.model,
        provider: model.label,
        entries: session === undefined ? 0 : await countEntries(database, session.id),
        usage: session === undefined ? noUsage : await sumUsage(database, session.id),
        sandbox: probe.isAvailable ? runtime.name : `${probe.reason} ${probe.remedy}`,
        sharedFolders: mounts.map(({ path, canWrite }) => ({ path, canWrite })),
      };
    },
    models: async (signal) => {
      const { listModels } = await import("./list-models.ts");
      return (await listModels(io, signal)).filter(({ model }) => model !== "demo");
    },
    findModel: async (name, signal) => (await find(name, signal)).model,
    budget: () => place().config.limits,
    compact: async (group, request, signal) => (await converse(group)).compactFor(request, signal),
    undo: async (group, actor) => (await converse(group)).undo(actor),
  };
}
