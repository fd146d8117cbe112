import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const number = { name: "NUMBER" } as const;

export const approvals: Command = {
  name: "approvals",
  summary: "See what waits for your yes, and answer.",
  description: [
    "What an assistant may not do by itself waits an hour for you: as a card in your private chat, at the prompt, and here. Your yes is for exactly what you were shown, once.",
  ],
  flags: [],
  words: [],
  examples: [
    { line: "nanoclaw approvals list", says: "All that waits, in every group." },
    { line: "nanoclaw approvals allow 12", says: "Shows it, asks, does it." },
  ],
  subcommands: [
    {
      name: "list",
      summary: "List what waits.",
      flags: [json],
      words: [],
      examples: [{ line: "nanoclaw approvals list --json", says: "For a program." }],
      run: async (args, io, _context, signal) => {
        const { runApprovalsList } = await import("../approvals.ts");
        return await runApprovalsList(args, io, signal);
      },
    },
    {
      name: "show",
      summary: "Show all of one request.",
      flags: [json],
      words: [number],
      examples: [{ line: "nanoclaw approvals show 12", says: "Nothing of it is left out." }],
      run: async (args, io, _context, signal) => {
        const { runApprovalsShow } = await import("../approvals.ts");
        return await runApprovalsShow(args, io, signal);
      },
    },
    {
      name: "allow",
      summary: "Say yes to one request, and let the assistant go on.",
      description: [
        "At a terminal it is shown first, and asked. What a chat had asked for is carried out by the gateway, which answers there.",
      ],
      flags: [
        { name: "always", says: "And to every one exactly like it, for this group." },
        { name: "yes", short: "y", says: "Do not show it and ask." },
        {
          name: "folder",
          value: "PATH[:rw]",
          isRepeatable: true,
          says: "Share it again, where it was asked for with --folder.",
        },
      ],
      words: [number],
      examples: [
        { line: "nanoclaw approvals allow 12", says: "Once." },
        { line: "nanoclaw approvals allow 12 --always", says: "From now on." },
      ],
      run: async (args, io, context, signal) => {
        const { runApprovalsAllow } = await import("../approvals.ts");
        return await runApprovalsAllow(args, io, await context.loadServices(), signal);
      },
    },
    {
      name: "deny",
      summary: "Say no to one request.",
      flags: [],
      words: [number],
      examples: [
        { line: "nanoclaw approvals deny 12", says: "The assistant is told, and goes on without it." },
      ],
      run: async (args, io, _context, signal) => {
        const { runApprovalsDeny } = await import("../approvals.ts");
        return await runApprovalsDeny(args, io, signal);
      },
    },
  ],
};
