import type { Command } from "../command.ts";
import { group, json } from "./flags.ts";

export const usage: Command = {
  name: "usage",
  summary: "Show how many tokens were used and what they cost: today, in all, by model.",
  description: [
    "With --by, one row for each: of all groups, or of the one that --group names. Money is shown for models whose price stands in limits.prices.",
  ],
  flags: [
    group,
    json,
    { name: "by", value: "WHAT", says: "One row for each group, model, task or day (the last 30)." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw usage --by day", says: "The last 30 days, with bars." },
    { line: "nanoclaw usage --by task --group family", says: "What each task of family takes." },
    { line: "nanoclaw usage --json", says: "For a script." },
  ],
  run: async (args, io, context, signal) => {
    const by = args.value("by");
    if (by !== undefined) {
      const { runUsageBy } = await import("../usage-by.ts");
      return await runUsageBy(by, args, io, signal);
    }
    const { runUsageCommand } = await import("../sessions.ts");
    return await runUsageCommand(args, io, await context.loadServices(), signal);
  },
};
