import type { GroupSummary, Services, StatusReport } from "../../src/commands/services.ts";
import { AppError } from "../../src/errors.ts";
import { defaultSettings } from "../../src/store/group-settings.ts";
import { unknownGroup } from "../../src/store/groups.ts";
import { FakeConversation } from "./conversation.ts";
import { createFakeUndo } from "./undo.ts";

export interface FakeServices extends Services {
  readonly conversations: FakeConversation[];
  /** As `FakeConversation.undone`, for the command. */
  readonly undone: string[];
}

/** Everything in memory. The model `none` has no key; with `asks` a conversation begins with the question about the folder. */
export function createFakeServices(historyPath = "/nonexistent/history", asks = false): FakeServices {
  const conversations: FakeConversation[] = [];
  const undone: string[] = [];
  const groups: GroupSummary[] = [toGroup("main"), toGroup("family")];
  return {
    conversations,
    undone,
    async openConversation(options, signal) {
      if (options.model === "none") {
        throw new AppError("no-key", "No API key is set.", { hint: "Set ANTHROPIC_API_KEY." });
      }
      const answer = asks ? await options.askAboutFolder?.(options.currentFolder, signal) : undefined;
      const shared = { path: options.currentFolder, canWrite: answer === "write" };
      const hasShared = answer === "read" || answer === "write";
      const conversation = new FakeConversation(hasShared ? { ...options, folders: [shared] } : options);
      conversations.push(conversation);
      return conversation;
    },
    groups: {
      list: async () => groups,
      async describe(name) {
        const group = groups.find((known) => known.name === name);
        if (group === undefined) throw unknownGroup(name, ["main", "family"]);
        return { ...group, settings: defaultSettings, chatList: [] };
      },
      async add(name) {
        if (groups.some((group) => group.name === name)) {
          throw new AppError("conflict", `There is a group "${name}" already.`);
        }
        const group = toGroup(name);
        groups.push(group);
        return group;
      },
    },
    messages: {
      list: async () => [],
      redrive: async () => ({ isAnsweredNow: false }),
      tell: async (message) => ({ message, state: "answered", chapters: [] }),
    },
    openUndo: async () => ({ ...createFakeUndo(undone), [Symbol.asyncDispose]: async () => {} }),
    readStatus: async () => statusReport,
    historyPath: () => historyPath,
    listModels: async () =>
      ["fake-1", "fake-2"].map((model) => ({ model, label: "Fake", isDefault: model === "fake-1" })),
    logIn: async () => {
      throw new AppError("cancelled", "Nothing was changed.");
    },
    openPast: async () => {
      throw new AppError("not-found", "There is no past here.");
    },
  };
}

export const statusReport: StatusReport = {
  home: "/home/anna/.nanoclaw",
  config: { path: "/home/anna/.nanoclaw/config.json", state: "found" },
  model: "anthropic/claude-opus-4-5",
  providers: [
    { label: "Anthropic", isSet: true, isChosen: true, note: "ANTHROPIC_API_KEY" },
    { label: "OpenAI", isSet: false, isChosen: false },
  ],
  sandbox: { name: "bubblewrap", isAvailable: true, notes: ["namespaces and seccomp"] },
  groups: ["main", "family"],
  problems: [],
};

function toGroup(name: string): GroupSummary {
  return { name, folder: `/groups/${name}`, createdAt: new Date(0), sessions: 1, entries: 4, chats: 0 };
}
