import { AppError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import type { Command, CommandContext } from "./command.ts";
import type { StreamIo } from "./command-io.ts";
import { findCommand, isForAgent, isVersionAlone } from "./find-command.ts";
import { usageWords } from "../words/english/usage.ts";

/** One command line, from its words to its exit code. Rejects with what went wrong; `program.ts` puts that into words. */
export async function runCommandLine(
  argv: readonly string[],
  io: StreamIo,
  context: CommandContext,
  signal: AbortSignal,
): Promise<number> {
  // Scripts and shells ask for it at every prompt: no command need be known for that.
  if (isVersionAlone(argv)) {
    const { printVersion } = await import("./version.ts");
    return await printVersion(io);
  }
  const commands = await loadCommandsFor(argv);
  const { path, command, rest } = findCommand(argv, commands);
  const help = [context.programName, ...path, "--help"].join(" ");
  try {
    const args = parseArguments(rest, command);
    if (args.has("help")) {
      const { runHelpCommand } = await import("./help.ts");
      return await runHelpCommand(path, await loadCommands(), io);
    }
    if (command.run === undefined) {
      const known = (command.subcommands ?? []).map((subcommand) => subcommand.name);
      throw new AppError("usage", usageWords.needsSubcommand({ command: path.join(" "), known }));
    }
    const canFollow = command.flags.some(({ name }) => name === "follow");
    if (!canFollow || !args.has("follow")) return await command.run(args, io, context, signal);
    const { watchReader } = await import("./watch-reader.ts");
    using reader = await watchReader();
    return await command.run(args, io, context, AbortSignal.any([signal, reader.gone]));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "usage" || error.hint !== undefined) throw error;
    const { message, words } = error;
    const said = words === undefined ? {} : { words: { ...words, facts: { ...words.facts, help } } };
    throw new AppError("usage", { message, hint: `See: ${help}`, ...said }, { cause: error });
  }
}

/** A question is answered, a gateway sits in memory and a status is shown without any other command being known. */
async function loadCommandsFor(argv: readonly string[]): Promise<readonly Command[]> {
  if (isForAgent(argv)) return [(await import("./table/agent.ts")).agent];
  if (argv[0] === "gateway") return [(await import("./table/gateway.ts")).gateway];
  if (argv[0] === "status") return [(await import("./table/status.ts")).status];
  return await loadCommands();
}

async function loadCommands(): Promise<readonly Command[]> {
  return (await import("./table.ts")).commands;
}
