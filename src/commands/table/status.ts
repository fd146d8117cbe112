import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const status: Command = {
  name: "status",
  summary: "Show what is set up: folders, model, providers, sandbox, groups.",
  flags: [json],
  words: [],
  examples: [
    { line: "nanoclaw status", says: "At a glance. Keys are never shown." },
    { line: "nanoclaw status --json", says: "For a script." },
  ],
  run: async (args, io, context, signal) => {
    const { runStatusCommand } = await import("../status.ts");
    return await runStatusCommand(args, io, await context.loadServices(), signal);
  },
};
