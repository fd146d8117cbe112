import type { FlagSpec } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { ServiceVerb } from "../manage-service.ts";
import { json } from "./flags.ts";
import { logs } from "./logs.ts";

const manager: FlagSpec = {
  name: "manager",
  value: "NAME",
  says: "systemd, launchd or background, instead of what this machine has.",
};

function toVerb(name: ServiceVerb, summary: string, says: string, flags: readonly FlagSpec[] = []): Command {
  return {
    name,
    summary,
    flags: [manager, ...flags],
    words: [],
    examples: [{ line: `nanoclaw service ${name}`, says }],
    run: async (args, io, _context, signal) => {
      const { runServiceVerb } = await import("../manage-service.ts");
      return await runServiceVerb(name, args, io, signal);
    },
  };
}

export const service: Command = {
  name: "service",
  summary: "Run the gateway as a service; put the program where your shell finds it.",
  description: [
    "systemd (a unit of your own, or of the system when root asks), launchd on a Mac, and a process in the background where there is neither.",
  ],
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw service install", says: "From now on it runs by itself." }],
  subcommands: [
    toVerb("install", "Install and start the service, or renew it.", "Also after an update that moved it."),
    toVerb("start", "Start the gateway.", "When it was stopped."),
    toVerb("stop", "Stop the gateway.", "What runs is finished or kept for later."),
    toVerb("status", "Show how the service is.", "Installed, running, by whom.", [json]),
    { ...logs, examples: [{ line: "nanoclaw service logs -f", says: "The same as nanoclaw logs -f." }] },
    toVerb("uninstall", "Remove the service; data stays.", "Only what install made."),
    {
      name: "path",
      summary: "Link nanoclaw and claw into a folder on your PATH.",
      flags: [
        { name: "prefix", value: "FOLDER", says: "Link into FOLDER/bin instead of ~/.local/bin." },
        { name: "remove", says: "Remove the links again." },
      ],
      words: [],
      examples: [
        { line: "nanoclaw service path", says: "Link into ~/.local/bin." },
        { line: "nanoclaw service path --prefix /usr/local", says: "For everybody on this machine." },
        { line: "nanoclaw service path --remove", says: "Undo it." },
      ],
      run: async (args, io) => {
        const { runServicePath } = await import("../service.ts");
        return await runServicePath(args, io);
      },
    },
  ],
};
