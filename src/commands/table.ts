import type { Command } from "./command.ts";
import { agent } from "./table/agent.ts";
import { audit } from "./table/audit.ts";
import { approvals } from "./table/approvals.ts";
import { backup, restore } from "./table/backup.ts";
import { channels } from "./table/channels.ts";
import { config } from "./table/config.ts";
import { cron } from "./table/cron.ts";
import { doctor } from "./table/doctor.ts";
import { gateway } from "./table/gateway.ts";
import { groups } from "./table/groups.ts";
import { logs } from "./table/logs.ts";
import { memory } from "./table/memory.ts";
import { messages, why } from "./table/messages.ts";
import { models } from "./table/models.ts";
import { onboard } from "./table/onboard.ts";
import { people } from "./table/people.ts";
import { plugins } from "./table/plugins.ts";
import { policy } from "./table/policy.ts";
import { secrets } from "./table/secrets.ts";
import { sandbox } from "./table/sandbox.ts";
import { service } from "./table/service.ts";
import { sessions } from "./table/sessions.ts";
import { status } from "./table/status.ts";
import { undo } from "./table/undo.ts";
import { usage } from "./table/usage.ts";

const help: Command = {
  name: "help",
  summary: "Show help on a command.",
  flags: [],
  words: [{ name: "COMMAND", isOptional: true, isRepeated: true }],
  examples: [{ line: "nanoclaw help agent", says: "All about one command." }],
  run: async (args, io) => {
    const { runHelpCommand } = await import("./help.ts");
    return await runHelpCommand(args.words, commands, io);
  },
};

const version: Command = {
  name: "version",
  summary: "Show the version.",
  flags: [],
  words: [],
  examples: [{ line: "nanoclaw --version", says: "The same; -v and -V too." }],
  run: async (_args, io) => {
    const { printVersion } = await import("./version.ts");
    return await printVersion(io);
  },
};

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  agent,
  onboard,
  gateway,
  channels,
  undo,
  status,
  sessions,
  usage,
  models,
  groups,
  cron,
  memory,
  people,
  messages,
  why,
  config,
  secrets,
  approvals,
  policy,
  audit,
  plugins,
  sandbox,
  service,
  logs,
  doctor,
  backup,
  restore,
  help,
  version,
];
