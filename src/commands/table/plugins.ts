import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const plugins: Command = {
  name: "plugins",
  summary: "Add, list and remove packages that speak to more model providers.",
  description: [
    "Any provider package of the AI SDK: Google, Bedrock, Mistral and many more. It is fetched once, without running its install scripts, made into one file and pinned by its hash; a file that was changed is not loaded.",
    "To use it: nanoclaw config set providers.google.package @ai-sdk/google",
  ],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw plugins list", says: "What is there." }],
  subcommands: [
    {
      name: "list",
      summary: "List the plugins.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw plugins list --json", says: "For a script, with the whole hashes." }],
      run: async (args, io, _context, signal) => {
        const { runPluginsList } = await import("../plugins.ts");
        return await runPluginsList(args, io, signal);
      },
    },
    {
      name: "add",
      summary: "Add a package, or another version of it.",
      flags: [json],
      words: [{ name: "PACKAGE" }],
      examples: [
        { line: "nanoclaw plugins add @ai-sdk/google", says: "The newest version." },
        { line: "nanoclaw plugins add @ai-sdk/mistral@4.0.1", says: "That very one." },
      ],
      run: async (args, io, _context, signal) => {
        const { runPluginsAdd } = await import("../plugins.ts");
        return await runPluginsAdd(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Remove a package.",
      flags: [],
      words: [{ name: "PACKAGE" }],
      examples: [{ line: "nanoclaw plugins remove @ai-sdk/google", says: "Its file goes too." }],
      run: async (args, io, _context, signal) => {
        const { runPluginsRemove } = await import("../plugins.ts");
        return await runPluginsRemove(args, io, signal);
      },
    },
  ],
};
