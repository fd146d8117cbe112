import type { Command } from "../command.ts";

export const logs: Command = {
  name: "logs",
  summary: "Show what the gateway has logged.",
  flags: [
    { name: "follow", short: "f", says: "Go on with what is added, until Ctrl-C." },
    { name: "lines", short: "n", value: "N", says: "The last N lines (default: 50)." },
    { name: "level", value: "LEVEL", says: "Only error, warn, info or debug, and what is graver." },
    { name: "json", says: "The lines as they were written, as JSON." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw logs -f", says: "Watch it." },
    { line: "nanoclaw logs --level warn -n 20", says: "What needed someone, lately." },
  ],
  run: async (args, io, _context, signal) => {
    const { runLogsCommand } = await import("../logs.ts");
    return await runLogsCommand(args, io, signal);
  },
};
