import type { Command } from "../command.ts";
import { groupMount } from "./group-mount.ts";
import { json } from "./flags.ts";
import { groupEgress } from "./group-egress.ts";

export const groups: Command = {
  name: "groups",
  summary: "List, show and add groups: each has its own memory, files and sandbox.",
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
      flags: [json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw groups add family", says: "Letters, digits, - and _, at most 64." }],
      run: async (args, io, context, signal) => {
        const { runGroupsAdd } = await import("../groups.ts");
        return await runGroupsAdd(args, io, (await context.loadServices()).groups, signal);
      },
    },
    groupMount,
    groupEgress,
  ],
};
