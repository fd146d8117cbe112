import type { Command } from "../command.ts";
import { json } from "./flags.ts";

/** What changes a group itself, and what it did. */
export const groupVerbs: readonly Command[] = [
  {
    name: "rename",
    summary: "Give a group another name.",
    description: ["Its folder gets the name too. Not while the assistant is at work there."],
    flags: [json],
    words: [{ name: "NAME" }, { name: "NEW-NAME" }],
    examples: [{ line: "nanoclaw groups rename family home", says: "Memory, files and chats stay." }],
    run: async (args, io, _context, signal) => {
      const { runGroupsRename } = await import("../group-change.ts");
      return await runGroupsRename(args, io, signal);
    },
  },
  {
    name: "remove",
    summary: "End a group.",
    description: [
      "Its chats are no longer answered, its rights (mounts, hosts, secrets, members) are gone, and its name is free. Its folder is put aside below removed/ of NANOCLAW_HOME, not deleted; what was said and decided stays in the database. main cannot be removed.",
    ],
    flags: [{ name: "yes", short: "y", says: "Do not ask." }, json],
    words: [{ name: "NAME" }],
    examples: [
      { line: "nanoclaw groups remove old", says: "Says what it holds, and asks." },
      { line: "nanoclaw groups remove old --yes", says: "For a script." },
    ],
    run: async (args, io, _context, signal) => {
      const { runGroupsRemove } = await import("../group-change.ts");
      return await runGroupsRemove(args, io, signal);
    },
  },
  {
    name: "set",
    summary: "Set when and how a group answers, and with which model.",
    description: [
      "trigger is the name it is called by, mode when it answers in chats of several people: mention (when it is named), mention-sticky (also what follows), always, never. greeting is said when a chat becomes the group's, style is how answers should be, model which one answers. An empty value takes greeting, style or model back; model=default does too.",
    ],
    flags: [
      { name: "trigger", value: "@NAME", says: "The name that it is called by." },
      { name: "mode", value: "MODE", says: "mention, mention-sticky, always or never." },
      { name: "greeting", value: "TEXT", says: "What a chat is told that becomes the group's." },
      { name: "style", value: "TEXT", says: "How answers should be." },
      { name: "model", value: "MODEL", says: "In place of the configured one." },
      json,
    ],
    words: [{ name: "GROUP" }, { name: "NAME=VALUE", isOptional: true, isRepeated: true }],
    examples: [
      { line: "nanoclaw groups set family trigger=@Bob mode=mention", says: "It answers to @Bob." },
      { line: 'nanoclaw groups set family --style "Short and direct."', says: "From its next answer on." },
    ],
    run: async (args, io, _context, signal) => {
      const { runGroupsSet } = await import("../group-change.ts");
      return await runGroupsSet(args, io, signal);
    },
  },
  {
    name: "log",
    summary: "What a group was asked and did.",
    flags: [
      { name: "lines", short: "n", value: "N", says: "The last so many (default: 50)." },
      { name: "follow", short: "f", says: "Go on with what is added, until Ctrl-C." },
      json,
    ],
    words: [{ name: "GROUP" }],
    examples: [{ line: "nanoclaw groups log family -n 20 -f", says: "Messages, turns, calls and replies." }],
    run: async (args, io, _context, signal) => {
      const { runGroupsLog } = await import("../group-log.ts");
      return await runGroupsLog(args, io, signal);
    },
  },
];

/** Which chats are whose. */
export const groupChats: readonly Command[] = [
  {
    name: "chats",
    summary: "List the chats that belong to no group yet.",
    description: ["A chat is known once somebody has written there."],
    flags: [{ name: "all", short: "a", says: "Also those that belong to a group." }, json],
    words: [],
    examples: [{ line: "nanoclaw groups chats --all", says: "With whose they are." }],
    run: async (args, io, _context, signal) => {
      const { runGroupsChats } = await import("../group-chats.ts");
      return await runGroupsChats(args, io, signal);
    },
  },
  {
    name: "bind",
    summary: "Give a chat to a group.",
    description: [
      "A chat is named by its number, by CHANNEL:ID, or by its title where only one is called so. All chats of a group share one memory. main takes only private chats with the owner.",
    ],
    flags: [json],
    words: [{ name: "GROUP" }, { name: "CHAT" }],
    examples: [
      { line: "nanoclaw groups bind family 12", says: "By number: see nanoclaw groups chats." },
      { line: 'nanoclaw groups bind family "Family Chat"', says: "By title." },
    ],
    run: async (args, io, _context, signal) => {
      const { runGroupsBind } = await import("../group-chats.ts");
      return await runGroupsBind(args, io, signal);
    },
  },
  {
    name: "unbind",
    summary: "Take a chat away from its group: it is no longer answered.",
    flags: [json],
    words: [{ name: "CHAT" }],
    examples: [{ line: "nanoclaw groups unbind 12", says: "By number, CHANNEL:ID or title." }],
    run: async (args, io, _context, signal) => {
      const { runGroupsUnbind } = await import("../group-chats.ts");
      return await runGroupsUnbind(args, io, signal);
    },
  },
];
