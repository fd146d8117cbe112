import type { Command } from "../command.ts";
import { json } from "./flags.ts";

export const sandbox: Command = {
  name: "sandbox",
  summary: "Show what holds the assistant's commands in, and try to break out of it.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw sandbox probe", says: "Before you trust it." }],
  subcommands: [
    {
      name: "status",
      summary: "Show the sandbox, its limits, and what is not in force here and why.",
      description: ["Ends with 1 where there is no sandbox; it says what to do."],
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw sandbox status", says: "At a glance." }],
      run: async (args, io, _context, signal) => {
        const { runSandboxStatus } = await import("../sandbox.ts");
        return await runSandboxStatus(args, io, signal);
      },
    },
    {
      name: "probe",
      summary: "Try attacks on this machine, inside the sandbox and beside it.",
      description: [
        "Each attack is tried outside first, on files and processes that are made for it: held means that it works there and not inside. What does not work outside either proves nothing and says so. Ends with 1 when something leaked.",
      ],
      flags: [json],
      words: [],
      examples: [
        { line: "nanoclaw sandbox probe", says: "Takes some seconds." },
        { line: "nanoclaw sandbox probe --json", says: "For a script." },
      ],
      run: async (args, io, _context, signal) => {
        const { runSandboxProbe } = await import("../sandbox.ts");
        return await runSandboxProbe(args, io, signal);
      },
    },
  ],
};
