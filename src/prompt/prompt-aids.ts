import type { Candidate, Completion, PromptAids } from "../channels/terminal/completion.ts";
import { AppError } from "../errors.ts";
import type { Conversation } from "../turns/conversation.ts";
import { findSlash } from "../slash/table.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { toPastedText } from "./picture-paths.ts";
import type { CompletionContext, SlashCommand } from "./slash-command.ts";

export interface PromptAidsOptions extends CompletionContext {
  readonly commands: readonly SlashCommand[];
  readonly conversation: Conversation;
  readonly phrases: Phrases;
}

/** Nobody's command and path are longer; what is longer is not looked at. */
const longestWord = 1024;

/** Helps with commands behind a slash and with files behind an @. */
export function createPromptAids(options: PromptAidsOptions): PromptAids {
  const { commands, phrases } = options;
  return {
    hint(text, cursor) {
      const typed = findCommandWord(text, cursor);
      if (typed === undefined) return findBegun(text, commands)?.says(phrases.slash);
      const fitting = commands.filter(({ name }) => name.startsWith(typed));
      const [only] = fitting;
      if (only === undefined) return undefined;
      return fitting.length === 1
        ? `${only.usage}: ${only.says(phrases.slash)}`
        : fitting.map(({ name }) => `/${name}`).join("  ");
    },
    paste: toPastedText,
    async complete(text, cursor, signal) {
      try {
        return await complete(text, cursor, options, signal);
      } catch (error) {
        signal.throwIfAborted();
        // A folder that may not be looked into, a store that is gone: there is just nothing to offer.
        if (error instanceof AppError) return undefined;
        throw error;
      }
    },
  };
}

async function complete(
  text: string,
  cursor: number,
  { commands, conversation, phrases, ...context }: PromptAidsOptions,
  signal: AbortSignal,
): Promise<Completion | undefined> {
  const typed = findCommandWord(text, cursor);
  if (typed !== undefined) {
    const candidates = commands
      .filter(({ name }) => name.startsWith(typed))
      .map(({ name, says }) => ({ text: `/${name}`, says: says(phrases.slash) }));
    return { from: cursor - typed.length - 1, candidates };
  }
  const path = findPathWord(text, cursor);
  if (path !== undefined) {
    const found = (await conversation.hands?.files.complete(path.path, signal)) ?? [];
    return { from: path.from, candidates: found.map(toPathCandidate) };
  }
  const begun = findBegun(text, commands);
  const start = /^\s*\/\w+\s+/.exec(text)?.[0].length ?? 0;
  if (begun?.complete === undefined || cursor < start || cursor - start > longestWord) return undefined;
  const word = text.slice(start, cursor);
  const candidates = await begun.complete(conversation, context);
  return { from: start, candidates: candidates.filter((candidate) => candidate.text.startsWith(word)) };
}

/** The letters behind a slash that stands first, up to the cursor. */
function findCommandWord(text: string, cursor: number): string | undefined {
  if (cursor > 64) return undefined;
  return /^\s*\/([a-z]*)$/.exec(text.slice(0, cursor))?.[1];
}

/** The command of a line that has one, once a space stands behind it. */
function findBegun(text: string, commands: readonly SlashCommand[]): SlashCommand | undefined {
  const name = /^\s*\/([a-z]+)\s/.exec(text.slice(0, 64))?.[1];
  return name === undefined ? undefined : findSlash(name, commands);
}

function findPathWord(
  text: string,
  cursor: number,
): { readonly path: string; readonly from: number } | undefined {
  const start = Math.max(0, cursor - longestWord);
  const match = /(?<![^\s(])@(?:"([^"\n]*)|([^\s"@]*))$/.exec(text.slice(start, cursor));
  if (match === null) return undefined;
  return { path: match[1] ?? match[2] ?? "", from: start + match.index };
}

/** Quoted where a space would end it. */
function toPathCandidate(path: string): Candidate {
  const isOpen = path.endsWith("/");
  const needsQuotes = /[\s(@]/.test(path);
  const text = needsQuotes ? `@"${path}${isOpen ? "" : '"'}` : `@${path}`;
  return { text, shown: path.slice(path.lastIndexOf("/", path.length - 2) + 1), isOpen };
}
