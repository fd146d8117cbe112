import type { Command } from "../command.ts";

export const policy: Command = {
  name: "policy",
  summary: "Decide what a group's past forbids it.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw policy clear-taint main", says: "Its files count as harmless again." }],
  subcommands: [
    {
      name: "clear-taint",
      summary: "Forget that a group's files may hold strangers' words or private data.",
      description: [
        "Who has both does not send to the outside. Do this when you have looked at the files; /new does the same for the conversation.",
      ],
      flags: [],
      words: [{ name: "GROUP", isOptional: true }],
      examples: [{ line: "nanoclaw policy clear-taint family", says: "Of one group." }],
      run: async (args, io, _context, signal) => {
        const { runClearTaint } = await import("../policy.ts");
        return await runClearTaint(args, io, signal);
      },
    },
  ],
};
