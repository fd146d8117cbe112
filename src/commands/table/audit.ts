import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const audit: Command = {
  name: "audit",
  summary: "Show what was allowed, asked and refused, to whom and why.",
  description: [
    "Every decision stands there before its effect: messages, tools, connections, uses of secrets, changes of the configuration. No words of messages, no secrets. Each row is chained to the one before: --verify walks the chain and compares it with the end that you were last shown, by status or by this command.",
  ],
  flags: [
    { name: "group", short: "g", value: "GROUP", says: "Only of this group." },
    { name: "follow", short: "f", says: "Go on with what is added, until Ctrl-C." },
    { name: "lines", short: "n", value: "N", says: "The last N rows (default: 50)." },
    { name: "since", value: "TIME", says: 'Only from then on: 2h, 7d, 14:30, "2026-01-31 14:30".' },
    { name: "refused", says: "Only what was refused or asked." },
    { name: "verify", says: "Look whether any row was changed, cut off or taken out." },
    {
      name: "head",
      value: "END",
      says: "With --verify: an end that you wrote down, as 1234:9f86d081884c7d65.",
    },
    { ...json, says: "As JSON; with --follow, one row a line." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw audit --refused --since 7d", says: "What was refused this week." },
    { line: "nanoclaw audit -f -g family", says: "Watch one group." },
    { line: "nanoclaw audit --verify", says: "Nothing was changed by hand." },
  ],
  run: async (args, io, _context, signal) => {
    const { runAuditCommand } = await import("../audit.ts");
    return await runAuditCommand(args, io, signal);
  },
};
