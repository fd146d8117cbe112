import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const models: Command = {
  name: "models",
  summary: "List the models that can be had as things stand.",
  flags: [json],
  words: [],
  examples: [{ line: "nanoclaw models", says: "The one in use is marked." }],
  run: async (args, io, context, signal) => {
    const { runModelsCommand } = await import("../sessions.ts");
    return await runModelsCommand(args, io, await context.loadServices(), signal);
  },
};
