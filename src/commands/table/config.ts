import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const config: Command = {
  name: "config",
  summary: "Read, check and change the configuration.",
  description: [
    "get [KEY] · set KEY VALUE · unset KEY · path · schema · check [FILE]. A value of - is read from standard input.",
  ],
  readsOwnWords: true,
  flags: [json],
  words: [
    { name: "VERB", isOptional: true },
    { name: "WORD", isOptional: true, isRepeated: true },
  ],
  examples: [
    { line: "nanoclaw config get agents.defaults.model", says: "One setting." },
    { line: "nanoclaw config set agents.defaults.model openai/gpt-5", says: "Comments in the file stay." },
    { line: "nanoclaw config check", says: "What is wrong with it, by line." },
  ],
  run: async (args, io, _context, signal) => {
    const { runConfigCommand } = await import("../config.ts");
    return await runConfigCommand(args.raw, io, signal);
  },
};
