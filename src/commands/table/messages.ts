import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const limit = { name: "limit", value: "COUNT", says: "At most so many (default: 50)." };

export const messages: Command = {
  name: "messages",
  summary: "List what people wrote, and send again what was set aside.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw messages list", says: "The last ones first." }],
  subcommands: [
    {
      name: "list",
      summary: "List messages and what became of them, the last one first.",
      flags: [limit, json],
      words: [],
      examples: [{ line: "nanoclaw messages list --limit 10", says: "The last ten." }],
      run: async (args, io, context, signal) => {
        const { runMessagesList } = await import("../messages.ts");
        return await runMessagesList(args, io, (await context.loadServices()).messages, false, signal);
      },
    },
    {
      name: "dead",
      summary: "List messages that failed or were set aside, and why.",
      flags: [limit, json],
      words: [],
      examples: [{ line: "nanoclaw messages dead --json", says: "For a script." }],
      run: async (args, io, context, signal) => {
        const { runMessagesList } = await import("../messages.ts");
        return await runMessagesList(args, io, (await context.loadServices()).messages, true, signal);
      },
    },
    {
      name: "redrive",
      summary: "Send a message again that failed or was set aside.",
      flags: [json],
      words: [{ name: "MESSAGE" }],
      examples: [{ line: "nanoclaw messages redrive 12", says: "By its number in the list." }],
      run: async (args, io, context, signal) => {
        const { runMessagesRedrive } = await import("../messages.ts");
        return await runMessagesRedrive(args, io, (await context.loadServices()).messages, signal);
      },
    },
  ],
};

export const why: Command = {
  name: "why",
  summary: "Tell the life of a message: why it was answered, or was not.",
  flags: [json],
  words: [{ name: "MESSAGE" }],
  examples: [{ line: "nanoclaw why 12", says: "By its number in nanoclaw messages list." }],
  run: async (args, io, context, signal) => {
    const { runWhy } = await import("../messages.ts");
    return await runWhy(args, io, (await context.loadServices()).messages, signal);
  },
};
