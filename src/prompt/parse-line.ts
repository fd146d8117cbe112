import { findNearestWord } from "../nearest-word.ts";
import { findSlash } from "../slash/table.ts";
import type { SlashCommand } from "./slash-command.ts";

/** What a line of the prompt means. */
export type PromptLine =
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "command"; readonly command: SlashCommand; readonly argument: string }
  /** To be run in the sandbox. */
  | { readonly type: "shell"; readonly command: string }
  | { readonly type: "unknown"; readonly typed: string; readonly nearest: string | undefined };

const exitWords: readonly string[] = ["exit", "quit", "/exit", "/quit", ":q"];

/** Only a single word behind the slash is a command: `/etc/hosts` is text. */
export function parsePromptLine(line: string, commands: readonly SlashCommand[]): PromptLine {
  const text = line.trim();
  const find = (name: string): SlashCommand | undefined => findSlash(name, commands);
  const quit = find("quit");
  if (quit !== undefined && exitWords.includes(text.toLowerCase())) {
    return { type: "command", command: quit, argument: "" };
  }
  const shell = /^!\s*([^\s!][^]*)$/.exec(text)?.[1];
  if (shell !== undefined) return { type: "shell", command: shell };
  const match = /^\/([A-Za-z]+)(?:\s+(.*))?$/su.exec(text);
  if (match === null) return { type: "message", text: line };
  const typed = (match[1] ?? "").toLowerCase();
  const command = find(typed);
  if (command !== undefined) return { type: "command", command, argument: (match[2] ?? "").trim() };
  const nearest = findNearestWord(typed, [
    ...commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
    "exit",
  ]);
  return { type: "unknown", typed: `/${typed}`, nearest: nearest === undefined ? undefined : `/${nearest}` };
}
