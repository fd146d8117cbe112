import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const group = { name: "GROUP" } as const;

export const policy: Command = {
  name: "policy",
  summary: "See and set what a group may do.",
  description: [
    "Three levels: locked asks before everything but reading; careful, the default, asks when what strangers wrote could steer something that matters; trusted sends to the hosts you listed without asking.",
  ],
  flags: [],
  words: [],
  examples: [
    { line: "nanoclaw policy show family", says: "Level, permissions, what its past forbids." },
    { line: "nanoclaw policy clear-taint main", says: "Its files count as harmless again." },
  ],
  subcommands: [
    {
      name: "show",
      summary: "Show a group's level, permissions and hosts, main's by default.",
      flags: [json],
      words: [{ ...group, isOptional: true }],
      examples: [{ line: "nanoclaw policy show", says: "Of main." }],
      run: async (args, io, _context, signal) => {
        const { runPolicyShow } = await import("../policy.ts");
        return await runPolicyShow(args, io, signal);
      },
    },
    {
      name: "explain",
      summary: "Say whether an action is allowed, by which rule, and what would change it.",
      flags: [
        { name: "as", value: "WHO", says: "agent (default), agent-for-member, owner, member or stranger." },
        { name: "in", value: "GROUP", says: "What is acted on belongs to this other group." },
        { name: "host", value: "HOST", says: "Of egress.connect: where to." },
        { name: "path", value: "PATH", says: "Of egress.connect: what is read there, unencrypted." },
        {
          name: "taint",
          value: "WHAT",
          says: "none, untrusted, private or both, instead of what the group has seen.",
        },
        json,
      ],
      words: [{ name: "ACTION" }, { ...group, isOptional: true }],
      examples: [
        { line: "nanoclaw policy explain command.run family", says: "By its assistant, as things are." },
        {
          line: "nanoclaw policy explain egress.connect --host api.github.com --taint both",
          says: "After a stranger's page and a private file.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runPolicyExplain } = await import("../policy-explain.ts");
        return await runPolicyExplain(args, io, signal);
      },
    },
    {
      name: "set",
      summary: "Set a group's level: locked, careful or trusted.",
      flags: [],
      words: [group, { name: "LEVEL" }],
      examples: [{ line: "nanoclaw policy set family locked", says: "It asks before it changes anything." }],
      run: async (args, io, _context, signal) => {
        const { runPolicySet } = await import("../policy.ts");
        return await runPolicySet(args, io, signal);
      },
    },
    {
      name: "revoke",
      summary: "Take back what was allowed for good.",
      flags: [],
      words: [group, { name: "NUMBER" }],
      examples: [{ line: "nanoclaw policy revoke family 3", says: "By its number in policy show." }],
      run: async (args, io, _context, signal) => {
        const { runPolicyRevoke } = await import("../policy.ts");
        return await runPolicyRevoke(args, io, signal);
      },
    },
    {
      name: "clear-taint",
      summary: "Forget that a group's files may hold strangers' words or private data.",
      description: [
        "Who has both does not send to the outside. Do this when you have looked at the files; /new does the same for the conversation.",
      ],
      flags: [],
      words: [{ ...group, isOptional: true }],
      examples: [{ line: "nanoclaw policy clear-taint family", says: "Of one group." }],
      run: async (args, io, _context, signal) => {
        const { runClearTaint } = await import("../policy.ts");
        return await runClearTaint(args, io, signal);
      },
    },
  ],
};
