import type { Command } from "../command.ts";
import { group, json } from "./flags.ts";

export const sessions: Command = {
  name: "sessions",
  summary: "List, show, export and name conversations.",
  description: ["NAME is a conversation's name or its number in the list."],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw sessions list", says: "The last one first." }],
  subcommands: [
    {
      name: "list",
      summary: "List conversations, the last one first.",
      flags: [group, json],
      words: [],
      examples: [{ line: "nanoclaw sessions list --json", says: "For a script." }],
      run: async (args, io, context, signal) => {
        const { runSessionsList } = await import("../sessions.ts");
        return await runSessionsList(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "show",
      summary: "Print a conversation.",
      flags: [group, json],
      words: [{ name: "NAME" }],
      examples: [{ line: "nanoclaw sessions show 12", says: "As Markdown." }],
      run: async (args, io, context, signal) => {
        const { runSessionsShow } = await import("../sessions.ts");
        return await runSessionsShow(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "export",
      summary: "Write a conversation to a file.",
      flags: [group, { name: "force", says: "Write over a file that is there." }],
      words: [{ name: "NAME" }, { name: "FILE", isOptional: true }],
      examples: [{ line: "nanoclaw sessions export trip trip.json", says: "All of it, as JSON." }],
      run: async (args, io, context, signal) => {
        const { runSessionsExport } = await import("../sessions.ts");
        return await runSessionsExport(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "name",
      summary: "Name a conversation.",
      flags: [group],
      words: [{ name: "NAME" }, { name: "NEW" }],
      examples: [{ line: "nanoclaw sessions name 12 trip", says: "From then on: nanoclaw -s trip" }],
      run: async (args, io, context, signal) => {
        const { runSessionsName } = await import("../sessions.ts");
        return await runSessionsName(args, io, await context.loadServices(), signal);
      },
    },
  ],
};
