import type { Command } from "../command.ts";
import { group, json } from "./flags.ts";

export const groupMount: Command = {
  name: "mount",
  summary: "Let a group see a folder of yours for good.",
  description: [
    "Such a folder appears in the group's sandbox as /workspace/extra/NAME, for every conversation of the group, also where nobody watches. So only what your own list allows is mounted: mount-allowlist.json in ~/.config/nanoclaw (or XDG_CONFIG_HOME), which no sandbox ever sees. It is looked at again before each command.",
    'The list: {"allowedRoots": [{"path": "~/projects", "allowReadWrite": true}], "blockedPatterns": ["private*"], "nonMainReadOnly": true}. A blocked pattern is one name of a path; what is called so is not mounted, and hidden in what is. Files that are known to hold secrets are always hidden.',
    "The folder that you stand in, and those of --folder, are shared by your own yes at the terminal and need no entry.",
  ],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw groups mount list", says: "All mounts, and what is allowed of them now." }],
  subcommands: [
    {
      name: "add",
      summary: "Mount a folder for a group.",
      flags: [
        { name: "name", value: "NAME", says: "What it is called inside (default: its own last name)." },
        json,
      ],
      words: [{ name: "GROUP" }, { name: "PATH[:rw]" }],
      examples: [
        { line: "nanoclaw groups mount add family ~/recipes", says: "For reading." },
        { line: "nanoclaw groups mount add main ~/projects/site:rw --name site", says: "For writing too." },
      ],
      run: async (args, io, _context, signal) => {
        const { runMountAdd } = await import("../group-mount.ts");
        return await runMountAdd(args, io, signal);
      },
    },
    {
      name: "list",
      summary: "List the mounts and what is allowed of them now.",
      flags: [json],
      words: [{ name: "GROUP", isOptional: true }],
      examples: [{ line: "nanoclaw groups mount list family", says: "Of one group." }],
      run: async (args, io, _context, signal) => {
        const { runMountList } = await import("../group-mount.ts");
        return await runMountList(args, io, signal);
      },
    },
    {
      name: "remove",
      summary: "Take a mount away.",
      flags: [json],
      words: [{ name: "GROUP" }, { name: "NAME" }],
      examples: [{ line: "nanoclaw groups mount remove family recipes", says: "The folder itself stays." }],
      run: async (args, io, _context, signal) => {
        const { runMountRemove } = await import("../group-mount.ts");
        return await runMountRemove(args, io, signal);
      },
    },
    {
      name: "check",
      summary: "Say whether a folder can be mounted, and which rule decides.",
      flags: [group, json],
      words: [{ name: "PATH[:rw]" }],
      examples: [
        { line: "nanoclaw groups mount check ~/projects:rw -g family", says: "Exits with 1 when it can't." },
      ],
      run: async (args, io, _context, signal) => {
        const { runMountCheck } = await import("../group-mount.ts");
        return await runMountCheck(args, io, signal);
      },
    },
  ],
};
