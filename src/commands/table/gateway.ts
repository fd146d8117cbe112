import type { Command } from "../command.ts";

export const gateway: Command = {
  name: "gateway",
  summary: "Serve the chats, day and night.",
  description: [
    "What people write is on disk before it is acknowledged, and is answered also when the program is ended at any instant: the next start goes on. One gateway serves a data folder; while it runs, the prompt and agent -m speak through it.",
    'Over HTTP: POST /api/messages with {"text": "Hello"} and the token; with "wait": 60 the answer comes back. GET /api/events streams a chat, GET /health says how it is.',
  ],
  flags: [
    { name: "json", says: "Say what is served as one line of JSON." },
    { name: "logs", says: "Show what it does, on standard error." },
  ],
  words: [],
  examples: [
    { line: "nanoclaw gateway", says: "Until Ctrl-C." },
    { line: "nanoclaw gateway --logs", says: "And watch it work." },
  ],
  run: async (args, io, context, signal) => {
    const { runGatewayCommand } = await import("../gateway.ts");
    return await runGatewayCommand(args, io, context, signal);
  },
  subcommands: [
    {
      name: "token",
      summary: "Print the token of the HTTP interface.",
      flags: [],
      words: [],
      examples: [
        {
          line: "nanoclaw gateway token",
          says: "Goes behind “Authorization: Bearer”.",
        },
      ],
      run: async (_args, io) => {
        const { runGatewayToken } = await import("../gateway.ts");
        return await runGatewayToken(io);
      },
    },
  ],
};
