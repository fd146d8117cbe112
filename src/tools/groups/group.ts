import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import type { Tool, ToolQuestion } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { GroupChange, GroupHands } from "./group-hands.ts";
import { isInstruction, modeInput, showManner, toChange } from "./group-settings.ts";

const actions = ["list", "show", "add", "rename", "remove", "bind", "unbind", "set", "chats"] as const;

interface GroupWish {
  readonly action: (typeof actions)[number];
  readonly name?: string;
  readonly to?: string;
  readonly chat?: string;
  readonly greeting?: string;
  readonly style?: string;
}

/** All groups, for main's assistant. */
export function createGroupTool(hands: GroupHands, main: string): Tool {
  return defineTool({
    name: "group",
    description:
      "Manage the owner's groups. `bind` gives a chat (title as the person says it, or number) to a group; `chats` lists chats without one. `set` takes an empty text to clear.",
    input: {
      type: "object",
      properties: {
        action: { type: "string", enum: actions },
        name: { type: "string", description: "the group: letters, digits, - and _" },
        to: { type: "string", description: "rename: the new name" },
        chat: { type: "string" },
        trigger: { type: "string", description: "@name it is called by" },
        mode: modeInput,
        greeting: { type: "string" },
        style: { type: "string", description: "how it should answer" },
        model: { type: "string" },
      },
      required: ["action"],
    },
    effect: "govern",
    action: (input) => toQuestion(input, hands, main),
    diff: async (input) =>
      input.action === "set" ? await showManner(hands, take(input, "name"), input) : undefined,
    title: ({ action, name, chat }) =>
      ["group", action, name, chat]
        .filter((word) => typeof word === "string")
        .map((word) => toVisibleLine(word, 60))
        .join(" "),
    async execute(input, { signal }) {
      signal.throwIfAborted();
      return { content: await run(input, toChange(input), hands) };
    },
  });
}

async function toQuestion(wish: GroupWish, hands: GroupHands, main: string): Promise<ToolQuestion> {
  switch (wish.action) {
    case "list":
    case "show":
      return { action: "groups.list", group: main };
    case "chats":
      return { action: "chats.list", group: main };
    case "add":
      return { action: "groups.add", group: take(wish, "name") };
    case "rename":
      return { action: "group.rename", group: take(wish, "name") };
    case "remove":
      return { action: "group.remove", group: take(wish, "name") };
    case "bind":
      return { action: "chat.bind", group: take(wish, "name") };
    case "unbind":
      return { action: "chat.unbind", group: await hands.ownerOf(take(wish, "chat")) };
    case "set":
      return { action: isInstruction(wish) ? "group.instruct" : "group.set", group: take(wish, "name") };
    default:
      return wish.action satisfies never;
  }
}

async function run(wish: GroupWish, change: GroupChange, hands: GroupHands): Promise<string> {
  switch (wish.action) {
    case "list":
      return await hands.list();
    case "show":
      return await hands.show(take(wish, "name"));
    case "chats":
      return await hands.chats();
    case "add":
      return await hands.add(take(wish, "name"));
    case "rename":
      return await hands.rename(take(wish, "name"), take(wish, "to"));
    case "remove":
      return await hands.remove(take(wish, "name"));
    case "bind":
      return await hands.bind(take(wish, "name"), take(wish, "chat"));
    case "unbind":
      return await hands.unbind(take(wish, "chat"));
    case "set":
      return await hands.set(take(wish, "name"), change);
    default:
      return wish.action satisfies never;
  }
}

function take(wish: GroupWish, name: "name" | "to" | "chat"): string {
  const value = wish[name]?.trim() ?? "";
  if (value === "") throw new AppError("usage", `${wish.action} needs ${name}.`);
  return value;
}
