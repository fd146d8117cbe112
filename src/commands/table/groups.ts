import type { Command } from "../command.ts";
import { groupMount } from "./group-mount.ts";
import { json } from "./flags.ts";
import { groupEgress } from "./group-egress.ts";
import { groupChats, groupVerbs } from "./group-verbs.ts";

export const groups: Command = {
  name: "groups",
  summary: "Groups: each has its own memory, files, sandbox and chats.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw groups list", says: "All groups." }],
  subcommands: [
    {
      name: "list",
      summary: "List all groups.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw groups list --json", says: "For a script." }],
      run: async (args, io, context, signal) => {
        const { runGroupsList } = await import("../groups.ts");
        return await runGroupsList(args, io, (await context.loadServices()).groups, signal);
      },
    },
    {
      name: "show",
      summary: "Show one group.",
      flags: [json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw groups show main", says: "Where it lives and how much it holds." }],
      run: async (args, io, context, signal) => {
        const { runGroupsShow } = await import("../groups.ts");
        return await runGroupsShow(args, io, (await context.loadServices()).groups, signal);
      },
    },
    {
      name: "add",
      summary: "Add a group.",
      description: [
        "Its first files are copies of those in templates/group of NANOCLAW_HOME, which are yours to change; in them {group} and {trigger} stand for the group's name and the name it is called by.",
      ],
      flags: [
        { name: "template", value: "NAME", says: "Another folder of templates/ (default: group)." },
        json,
      ],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw groups add family", says: "Letters, digits, - and _, at most 64." }],
      run: async (args, io, context, signal) => {
        const { runGroupsAdd } = await import("../groups.ts");
        return await runGroupsAdd(args, io, (await context.loadServices()).groups, signal);
      },
    },
    ...groupVerbs,
    ...groupChats,
    groupMount,
    groupEgress,
  ],
};
