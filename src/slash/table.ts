import type { Action } from "../authority/actions.ts";
import type { Phrases } from "../words/english/phrases.ts";

/** A command behind a slash, as data: the prompt, the chats, the help and the completion read the same row. */
export interface SlashRow {
  /** Its sentence stands under this name in the phrases. */
  readonly name: keyof Omit<Phrases["slash"], "input">;
  /** `/model [NAME]`. */
  readonly usage: string;
  /** Other names of the same. */
  readonly aliases?: readonly string[];
  /** Works while a turn runs; the others wait for its end. */
  readonly isImmediate?: boolean;
  readonly isForPrompt: boolean;
  /** What `authorize()` is asked when it is written in a chat; without one it is for the prompt alone. */
  readonly action?: Action;
}

/** All of them, in the order of the help. One more is one more row. */
export const slashTable = [
  { name: "new", usage: "/new", aliases: ["clear", "reset"], isForPrompt: true, action: "session.new" },
  { name: "retry", usage: "/retry", isForPrompt: true },
  { name: "edit", usage: "/edit [TEXT]", isForPrompt: true },
  { name: "sessions", usage: "/sessions [NAME|NUMBER]", isForPrompt: true },
  { name: "undo", usage: "/undo [TO]", isForPrompt: true, action: "files.restore" },
  { name: "compact", usage: "/compact [WHAT TO KEEP]", isForPrompt: true, action: "session.compact" },
  { name: "export", usage: "/export [FILE]", isForPrompt: true },
  { name: "status", usage: "/status", isImmediate: true, isForPrompt: true, action: "chat.status" },
  { name: "usage", usage: "/usage", isImmediate: true, isForPrompt: true, action: "usage.read" },
  { name: "tasks", usage: "/tasks", isImmediate: true, isForPrompt: false, action: "task.list" },
  { name: "show", usage: "/show [NUMBER]", isImmediate: true, isForPrompt: true },
  { name: "tools", usage: "/tools", isForPrompt: true },
  // In a chat they are answered with what they are about: src/gateway/approval-desk.ts.
  { name: "approvals", usage: "/approvals", isForPrompt: true },
  { name: "approve", usage: "/approve [NUMBER]", isForPrompt: true },
  { name: "deny", usage: "/deny NUMBER", isForPrompt: true },
  { name: "model", usage: "/model [NAME]", isForPrompt: true, action: "model.choose" },
  { name: "login", usage: "/login", isForPrompt: true },
  { name: "whoami", usage: "/whoami", isImmediate: true, isForPrompt: false, action: "chat.identify" },
  { name: "stop", usage: "/stop", isImmediate: true, isForPrompt: true, action: "turn.stop" },
  // A platform says /start when a person opens its chat with us.
  {
    name: "help",
    usage: "/help",
    aliases: ["start"],
    isImmediate: true,
    isForPrompt: true,
    action: "chat.help",
  },
  { name: "quit", usage: "/quit", isImmediate: true, isForPrompt: true },
] as const satisfies readonly SlashRow[];

type Rows = (typeof slashTable)[number];

export type PromptCommandName = Extract<Rows, { isForPrompt: true }>["name"];
export type ChatCommandName = Extract<Rows, { action: Action }>["name"];

/** The rows of one place, by any of their names. */
export function findSlash<Row extends Pick<SlashRow, "name" | "aliases">>(
  name: string,
  rows: readonly Row[],
): Row | undefined {
  return rows.find((row) => row.name === name || row.aliases?.includes(name) === true);
}
