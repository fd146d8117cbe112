import type { ArgumentSpec, ParsedArguments } from "./arguments.ts";
import type { StreamIo } from "./command-io.ts";
import type { Services } from "./services.ts";

/** A command as data: the parser, the help and the tests read the same row. */
export interface Command extends ArgumentSpec {
  readonly name: string;
  /** Other names that lead to it. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Paragraphs below the summary in its help. */
  readonly description?: readonly string[];
  readonly examples: readonly Example[];
  /** With subcommands, `run` belongs to the bare name, if it means anything. */
  readonly subcommands?: readonly Command[];
  /** Imports its file when it runs, and not before. */
  readonly run?: RunCommand;
}

export interface Example {
  readonly line: string;
  readonly says: string;
}

export type RunCommand = (
  args: ParsedArguments,
  io: StreamIo,
  context: CommandContext,
  signal: AbortSignal,
) => Promise<number>;

export interface CommandContext {
  readonly programName: ProgramName;
  /** Opened by the commands that need them; `--version` and `help` never do. */
  readonly loadServices: () => Promise<Services>;
  /** For a command that runs until it is told to stop: to be stopped is how it ends, and it may take so long. */
  readonly endsBySignal?: (patienceMs: number) => void;
}

/** One program, two names: as `claw` it prompts with `claw>`. */
export type ProgramName = "nanoclaw" | "claw";
