import type { Command } from "../command.ts";

export const undo: Command = {
  name: "undo",
  summary: "Put the assistant's files back as they were.",
  description: [
    "Before a turn changes anything, its files are kept: the workspace and what you shared for writing. Without --to, undo goes back to before the last turn that changed something; another undo goes further back. What was there before an undo is kept too, so an undo can be undone.",
  ],
  flags: [
    { name: "list", says: "Show what there is to go back to." },
    { name: "diff", says: "Show what would be changed, file by file, and change nothing." },
    {
      name: "to",
      value: "TIME|ID",
      says: 'Go back to a time (14:30, "2026-01-31 14:30") or a number of the list.',
    },
    { name: "yes", short: "y", says: "Do not ask." },
    { name: "group", short: "g", value: "GROUP", says: "Of this group (default: main)." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw undo", says: "Says what it would undo, and asks." },
    { line: "nanoclaw undo --diff", says: "Which files, since the last turn that changed something." },
    { line: "nanoclaw undo --to 14:30 --yes", says: "As it was at half past two." },
  ],
  run: async (args, io, context, signal) => {
    const { runUndoCommand } = await import("../undo.ts");
    return await runUndoCommand(args, io, await context.loadServices(), signal);
  },
};
