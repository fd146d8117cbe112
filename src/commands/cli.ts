import { AppError } from "../errors.ts";
import { parseArguments } from "./arguments.ts";
import type { CommandContext } from "./command.ts";
import type { StreamIo } from "./command-io.ts";
import { findCommand, isVersionAlone } from "./find-command.ts";
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
  const { commands } = await import("./table.ts");
  const { path, command, rest } = findCommand(argv, commands);
  const help = [context.programName, ...path, "--help"].join(" ");
  try {
    const args = parseArguments(rest, command);
    if (args.has("help")) {
      const { runHelpCommand } = await import("./help.ts");
      return await runHelpCommand(path, commands, io);
    }
    if (command.run === undefined) {
      const known = (command.subcommands ?? []).map((subcommand) => subcommand.name);
      throw new AppError("usage", usageWords.needsSubcommand({ command: path.join(" "), known }));
    }
    return await command.run(args, io, context, signal);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "usage" || error.hint !== undefined) throw error;
    const { message, words } = error;
    const said = words === undefined ? {} : { words: { ...words, facts: { ...words.facts, help } } };
    throw new AppError("usage", { message, hint: `See: ${help}`, ...said }, { cause: error });
  }
}
