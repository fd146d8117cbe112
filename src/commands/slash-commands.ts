import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { ConversationStatus } from "../gateway/conversation.ts";
import { findNearestWord } from "../nearest-word.ts";
import type { Phrases } from "../words/english/phrases.ts";

/** What a line of the prompt means. */
export type PromptLine =
  | { readonly type: "message"; readonly text: string }
  | { readonly type: "command"; readonly name: SlashName; readonly argument: string }
  | { readonly type: "unknown"; readonly typed: string; readonly nearest: string | undefined };

/** What each does is said in `words/english/phrases.ts`, under `slash`. */
const slashCommands = {
  new: { usage: "/new" },
  status: { usage: "/status" },
  model: { usage: "/model [NAME]" },
  undo: { usage: "/undo [TO]" },
  stop: { usage: "/stop" },
  help: { usage: "/help" },
  quit: { usage: "/quit" },
} as const satisfies Partial<Record<keyof Phrases["slash"], { readonly usage: string }>>;

export type SlashName = keyof typeof slashCommands;

const exitWords: readonly string[] = ["exit", "quit", "/exit", "/quit", ":q"];

/** Only a single word behind the slash is a command: `/etc/hosts` is text. */
export function parsePromptLine(line: string): PromptLine {
  const text = line.trim();
  if (exitWords.includes(text.toLowerCase())) return { type: "command", name: "quit", argument: "" };
  const match = /^\/([A-Za-z]+)(?:\s+(.*))?$/su.exec(text);
  if (match === null) return { type: "message", text: line };
  const typed = (match[1] ?? "").toLowerCase();
  if (isSlashName(typed)) return { type: "command", name: typed, argument: (match[2] ?? "").trim() };
  const nearest = findNearestWord(typed, [...Object.keys(slashCommands), "exit"]);
  return { type: "unknown", typed: `/${typed}`, nearest: nearest === undefined ? undefined : `/${nearest}` };
}

export function formatSlashHelp({ slash }: Phrases): string {
  const rows = Object.entries(slashCommands).map(
    ([name, { usage }]) => `  ${usage.padEnd(15)}${isSlashName(name) ? slash[name] : ""}\n`,
  );
  return `${rows.join("")}  ${slash.moreLines}\n`;
}

export function formatConversationStatus(status: ConversationStatus): string {
  const { usage } = status;
  const cached = usage.cacheReadTokens + usage.cacheWriteTokens;
  const shared = status.sharedFolders.map(({ path, canWrite }) => `${path} (${canWrite ? "write" : "read"})`);
  const rows = [
    ["group", status.group],
    ["session", `${status.session}, ${status.entries} entries`],
    ["model", `${status.model} (${status.provider})`],
    ["tokens", `${usage.inputTokens + cached} in, ${usage.outputTokens} out`],
    ["sandbox", status.sandbox],
    ["shared", shared.join(", ") || "nothing"],
  ] as const;
  return rows.map(([label, value]) => `  ${label.padEnd(9)}${sanitizeLine(value)}\n`).join("");
}

function isSlashName(name: string): name is SlashName {
  return Object.hasOwn(slashCommands, name);
}
