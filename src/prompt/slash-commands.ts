import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { promptWords } from "../words/english/prompt.ts";
import { exportSession } from "./export-command.ts";
import { formatStatus, formatTools, formatUsage } from "./format-facts.ts";
import { editLast, retryLast } from "./last-message-commands.ts";
import { chooseModel } from "./model-command.ts";
import { runSessions } from "./sessions-command.ts";
import { runUndo } from "./undo-command.ts";
import type { SlashCommand } from "./slash-command.ts";

/** All of them, in the order of the help. One more is one more row. */
export const slashCommands: readonly SlashCommand[] = [
  {
    name: "new",
    usage: "/new",
    says: (slash) => slash.new,
    run: async ({ conversation, say, phrases }) => {
      await conversation.startNewSession();
      await say(phrases.prompt.newConversation);
    },
  },
  { name: "retry", usage: "/retry", says: (slash) => slash.retry, run: retryLast },
  { name: "edit", usage: "/edit [TEXT]", says: (slash) => slash.edit, run: editLast },
  {
    name: "sessions",
    usage: "/sessions [NAME|NUMBER]",
    says: (slash) => slash.sessions,
    run: runSessions,
    complete: async ({ past }) =>
      ((await past?.list()) ?? []).map(({ name, id, firstWords }) => ({
        text: name ?? String(id),
        says: sanitizeLine(firstWords ?? ""),
      })),
  },
  {
    name: "undo",
    usage: "/undo [TO]",
    says: (slash) => slash.undo,
    run: runUndo,
    complete: async () => [{ text: "list", says: "" }],
  },
  {
    name: "compact",
    usage: "/compact [WHAT TO KEEP]",
    says: (slash) => slash.compact,
    run: async ({ conversation, say, showBusy, phrases }, keep, signal) => {
      const past = here(conversation.past, "/compact");
      await showBusy(phrases.prompt.summingUp);
      const { entries } = await past.compact(keep, signal);
      await say(phrases.prompt.summedUp({ entries }));
    },
  },
  { name: "export", usage: "/export [FILE]", says: (slash) => slash.export, run: exportSession },
  {
    name: "status",
    usage: "/status",
    says: (slash) => slash.status,
    isImmediate: true,
    run: async ({ conversation, tell }) => await tell(formatStatus(await conversation.describe())),
  },
  {
    name: "usage",
    usage: "/usage",
    says: (slash) => slash.usage,
    isImmediate: true,
    run: async ({ conversation, tell, phrases }) =>
      await tell(formatUsage(await here(conversation.past, "/usage").usage(), phrases)),
  },
  {
    name: "show",
    usage: "/show [NUMBER]",
    says: (slash) => slash.show,
    isImmediate: true,
    run: async ({ unfold, show }, number) => await show(here(unfold(number), "/show")),
  },
  {
    name: "tools",
    usage: "/tools",
    says: (slash) => slash.tools,
    run: async ({ conversation, tell, columns, phrases }) => {
      const tools = await here(conversation.hands, "/tools").tools();
      const { sandbox } = await conversation.describe();
      const note = phrases.prompt.toolsWork({ sandbox: sanitizeLine(sandbox) });
      await tell(`${formatTools(tools, columns())}  ${note}\n`);
    },
  },
  {
    name: "model",
    usage: "/model [NAME]",
    says: (slash) => slash.model,
    run: chooseModel,
    complete: async (_, { models }) =>
      (await models()).map(({ model, label }) => ({ text: model, says: label })),
  },
  {
    name: "login",
    usage: "/login",
    says: (slash) => slash.login,
    run: async ({ logIn, conversation, say, phrases }, _, signal) => {
      await say(await logIn(signal));
      const model = await conversation.chooseModel(undefined);
      await say(phrases.prompt.model({ model: sanitizeLine(model) }));
    },
  },
  {
    name: "stop",
    usage: "/stop",
    says: (slash) => slash.stop,
    isImmediate: true,
    run: async ({ stop, say, phrases }) => {
      if (!(await stop())) await say(phrases.prompt.nothingRuns);
    },
  },
  {
    name: "help",
    usage: "/help",
    says: (slash) => slash.help,
    isImmediate: true,
    run: async ({ tell, phrases }) => await tell(formatHelp(slashCommands, phrases)),
  },
  {
    name: "quit",
    usage: "/quit",
    says: (slash) => slash.quit,
    isImmediate: true,
    run: async ({ leave }) => leave(),
  },
];

/** What a conversation may lack, for one that has to have it. */
function here<T>(part: T | undefined, command: string): T {
  if (part === undefined) throw new AppError("usage", promptWords.notHere({ command }));
  return part;
}

function formatHelp(commands: readonly SlashCommand[], { slash }: Phrases): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length)) + 2;
  const rows = commands.map(({ usage, says }) => `  ${usage.padEnd(width)}${says(slash)}\n`);
  const input = slash.input.map((line) => `  ${line}\n`);
  return `${rows.join("")}\n${input.join("")}`;
}
