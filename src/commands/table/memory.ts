import type { Command } from "../command.ts";
import { group, json } from "./flags.ts";

const note = { name: "NOTE" };

export const memory: Command = {
  name: "memory",
  summary: "See and change what a group's assistant remembers.",
  description: [
    "Notes are what it was asked to hold or found worth it; past conversations are searched with them. Each group has its own, and sees no other's.",
  ],
  flags: [],
  words: [],
  examples: [
    { line: "nanoclaw memory show", says: "The notes of main." },
    { line: "nanoclaw memory search passport --group family", says: "Notes and conversations of family." },
  ],
  subcommands: [
    {
      name: "show",
      aliases: ["list"],
      summary: "Show the notes, and what you wrote into MEMORY.md.",
      flags: [
        group,
        json,
        { name: "review", says: "Only those that came of strangers' words and wait for a look." },
      ],
      words: [],
      examples: [{ line: "nanoclaw memory show --group family", says: "What family's assistant remembers." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryShow(args, io, signal),
    },
    {
      name: "search",
      summary: "Search notes and past conversations by words.",
      flags: [group, json],
      words: [{ name: "WORDS", isRepeated: true }],
      examples: [{ line: "nanoclaw memory search birthday Anna", says: "The best finds first." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemorySearch(args, io, signal),
    },
    {
      name: "add",
      summary: "Keep a note.",
      flags: [group, json, { name: "always", says: "It stands in every prompt of the group." }],
      words: [{ name: "TEXT", isRepeated: true }],
      examples: [{ line: "nanoclaw memory add --always Answer briefly.", says: "A lasting wish." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryAdd(args, io, signal),
    },
    {
      name: "edit",
      summary: "Change a note, or what you write into MEMORY.md.",
      description: [
        "In $VISUAL or $EDITOR; where no terminal is, the new text comes on standard input. MEMORY.md is read before every conversation of the group, so it is kept short.",
      ],
      flags: [group],
      words: [{ ...note, isOptional: true }],
      examples: [
        { line: "nanoclaw memory edit", says: "MEMORY.md of main." },
        { line: "echo Answer in German. | nanoclaw memory edit 3", says: "Note 3, in your own words." },
      ],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryEdit(args, io, signal),
    },
    {
      name: "review",
      summary: "Look at what came of strangers' words; keep or forget it.",
      flags: [
        group,
        json,
        { name: "keep", value: "NOTE", isRepeatable: true, says: "It counts as yours from now on." },
        { name: "forget", value: "NOTE", isRepeatable: true, says: "It is removed for good." },
      ],
      words: [],
      examples: [
        { line: "nanoclaw memory review", says: "One after the other, at a terminal." },
        { line: "nanoclaw memory review --keep 3 --forget 4", says: "By their numbers." },
      ],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryReview(args, io, signal),
    },
    {
      name: "approve",
      summary: "Stand for a note that came of strangers' words.",
      flags: [group],
      words: [note],
      examples: [{ line: "nanoclaw memory approve 12", says: "It counts as yours." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryApprove(args, io, signal),
    },
    {
      name: "forget",
      summary: "Remove a note for good, from the index and the file as well.",
      flags: [group],
      words: [note],
      examples: [{ line: "nanoclaw memory forget 12", says: "By its number in the list." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryForget(args, io, signal),
    },
    {
      name: "export",
      summary: "Print the notes as Markdown.",
      flags: [group],
      words: [],
      examples: [{ line: "nanoclaw memory export --group family", says: "For another place." }],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryExport(args, io, signal),
    },
  ],
};
