import type { Command } from "../command.ts";
import { group, json } from "./flags.ts";

export const usage: Command = {
  name: "usage",
  summary: "Show how many tokens were used: today, in all, by model.",
  flags: [group, json],
  words: [],
  examples: [{ line: "nanoclaw usage --json", says: "For a script." }],
  run: async (args, io, context, signal) => {
    const { runUsageCommand } = await import("../sessions.ts");
    return await runUsageCommand(args, io, await context.loadServices(), signal);
  },
};
