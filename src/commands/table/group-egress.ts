import type { Command } from "../command.ts";
import { json } from "./flags.ts";

const group = { name: "GROUP" } as const;
const host = { name: "HOST" } as const;

export const groupEgress: Command = {
  name: "egress",
  summary: "Say which hosts a group's sandbox may reach; about any other you are asked.",
  description: [
    "HOST is a name, *.DOMAIN for all below a domain, or either with :PORT; without one, 443 and 80. Programs inside find the way out by HTTP_PROXY and its like.",
    "This machine, its network and a cloud's metadata are never reached, whatever is allowed. A locked group without a host, and one that is off, has no network at all.",
  ],
  flags: [],
  words: [],
  examples: [
    { line: "nanoclaw groups egress allow main registry.npmjs.org", says: "npm install works in there." },
  ],
  subcommands: [
    {
      name: "allow",
      summary: "Let a group's sandbox reach a host.",
      description: [
        "Once private data was read and strangers' words were seen, only what is listed with --read-only still goes out. Inside https:// no path can be seen: there it takes --read-only / for the whole host, and what is sent is not looked at.",
      ],
      flags: [
        {
          name: "read-only",
          value: "PREFIX",
          isRepeatable: true,
          says: "Reading below this path tells nobody anything.",
        },
        json,
      ],
      words: [group, host],
      examples: [
        { line: "nanoclaw groups egress allow main api.github.com", says: "One host, on its usual ports." },
        {
          line: "nanoclaw groups egress allow main '*.pypi.org' --read-only /",
          says: "All below it, as a place to read.",
        },
      ],
      run: async (args, io, _context, signal) => {
        const { runEgressAllow } = await import("../group-egress.ts");
        return await runEgressAllow(args, io, signal);
      },
    },
    {
      name: "deny",
      summary: "Take a host out again.",
      flags: [json],
      words: [group, host],
      examples: [
        { line: "nanoclaw groups egress deny main api.github.com", says: "From the next connection on." },
      ],
      run: async (args, io, _context, signal) => {
        const { runEgressDeny } = await import("../group-egress.ts");
        return await runEgressDeny(args, io, signal);
      },
    },
    {
      name: "off",
      summary: "Give a group's sandbox no network at all, whatever is listed.",
      flags: [json],
      words: [group],
      examples: [{ line: "nanoclaw groups egress off family", says: "Nothing is asked either." }],
      run: async (args, io, _context, signal) => {
        const { runEgressSwitch } = await import("../group-egress.ts");
        return await runEgressSwitch("none", args, io, signal);
      },
    },
    {
      name: "on",
      summary: "Give it the way to its hosts again.",
      flags: [json],
      words: [group],
      examples: [{ line: "nanoclaw groups egress on family", says: "As every group begins." }],
      run: async (args, io, _context, signal) => {
        const { runEgressSwitch } = await import("../group-egress.ts");
        return await runEgressSwitch("listed", args, io, signal);
      },
    },
    {
      name: "list",
      summary: "List what a group may reach, main by default.",
      flags: [json],
      words: [{ ...group, isOptional: true }],
      examples: [{ line: "nanoclaw groups egress list family", says: "Its hosts." }],
      run: async (args, io, _context, signal) => {
        const { runEgressList } = await import("../group-egress.ts");
        return await runEgressList(args, io, signal);
      },
    },
    {
      name: "log",
      summary: "Show what a group tried to reach, main by default.",
      flags: [{ name: "follow", short: "f", says: "Go on as more comes, until Ctrl-C." }, json],
      words: [{ ...group, isOptional: true }],
      examples: [{ line: "nanoclaw groups egress log main -f", says: "Watch it." }],
      run: async (args, io, _context, signal) => {
        const { runEgressLog } = await import("../group-egress.ts");
        return await runEgressLog(args, io, signal);
      },
    },
  ],
};
