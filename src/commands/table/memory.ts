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
    { line: "nanoclaw memory list", says: "The notes of main." },
    { line: "nanoclaw memory search passport --group family", says: "Notes and conversations of family." },
  ],
  subcommands: [
    {
      name: "list",
      summary: "List the notes.",
      flags: [
        group,
        json,
        { name: "review", says: "Only those that came of strangers' words and wait for a look." },
      ],
      words: [],
      examples: [
        { line: "nanoclaw memory list --review", says: "What you may want to forget, or stand for." },
      ],
      run: async (args, io, _context, signal) =>
        (await import("../memory.ts")).runMemoryList(args, io, signal),
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
