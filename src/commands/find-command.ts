import { AppError } from "../errors.ts";
import type { Command } from "./command.ts";
import { findNearestWord } from "../nearest-word.ts";
import { usageWords } from "../words/english/usage.ts";

export interface FoundCommand {
  /** The names that led to it. */
  readonly path: readonly string[];
  readonly command: Command;
  readonly rest: readonly string[];
}

const versionFlags: readonly string[] = ["--version", "-v", "-V"];
const helpFlags: readonly string[] = ["--help", "-h"];

export function isVersionAlone(argv: readonly string[]): boolean {
  return argv.length === 1 && versionFlags.includes(argv[0] ?? "");
}

/** A conversation, by its name or without any; help and the version are commands of their own. */
export function isForAgent([first = "agent"]: readonly string[]): boolean {
  if (first === "agent") return true;
  return first.startsWith("-") && !versionFlags.includes(first) && !helpFlags.includes(first);
}

/** Flags without a command belong to `agent`: `claw -m TEXT` is the one-shot, the bare name is the prompt. */
export function findCommand(argv: readonly string[], commands: readonly Command[]): FoundCommand {
  const [first, ...rest] = argv;
  if (versionFlags.includes(first ?? "")) return find(["version", ...rest], commands);
  if (helpFlags.includes(first ?? "")) return find(["help", ...rest], commands);
  return isForAgent(argv) && first !== "agent" ? find(["agent", ...argv], commands) : find(argv, commands);
}

function find(argv: readonly string[], commands: readonly Command[]): FoundCommand {
  const [name = "", ...rest] = argv;
  let command = pick(name, commands, "");
  const path = [command.name];
  while (command.subcommands !== undefined) {
    const next = rest[0];
    if (next === undefined || next.startsWith("-")) break;
    command = pick(next, command.subcommands, path.join(" "));
    path.push(command.name);
    rest.shift();
  }
  return { path, command, rest };
}

function pick(name: string, from: readonly Command[], below: string): Command {
  const command = from.find((known) => known.name === name || known.aliases?.includes(name) === true);
  if (command !== undefined) return command;
  const known = from.map((each) => each.name);
  const nearest = findNearestWord(name, known);
  throw new AppError("usage", usageWords.unknownCommand({ name, below, nearest, known }));
}
