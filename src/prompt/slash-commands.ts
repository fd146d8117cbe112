import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { exportSession } from "./export-command.ts";
import { formatStatus, formatTools, formatUsage } from "./format-facts.ts";
import { editLast, retryLast } from "./last-message-commands.ts";
import { chooseModel } from "./model-command.ts";
import { runSessions } from "./sessions-command.ts";
import type { SlashCommand } from "./slash-command.ts";

/** All of them, in the order of the help. One more is one more row. */
export const slashCommands: readonly SlashCommand[] = [
  {
    name: "new",
    usage: "/new",
    says: "start a new conversation",
    run: async ({ conversation, say }) => {
      await conversation.startNewSession();
      await say("A new conversation.");
    },
  },
  {
    name: "retry",
    usage: "/retry",
    says: "ask the last message again, in place of its answer",
    run: retryLast,
  },
  { name: "edit", usage: "/edit [TEXT]", says: "change the last message and ask again", run: editLast },
  {
    name: "sessions",
    usage: "/sessions [NAME|NUMBER]",
    says: "list conversations, or go on with one; /sessions name NEW names this one",
    run: runSessions,
    complete: async ({ past }) =>
      ((await past?.list()) ?? []).map(({ name, id, firstWords }) => ({
        text: name ?? String(id),
        says: sanitizeLine(firstWords ?? ""),
      })),
  },
  {
    name: "compact",
    usage: "/compact [WHAT TO KEEP]",
    says: "let the model sum up what was said so far",
    run: async ({ conversation, say, showBusy }, keep, signal) => {
      await showBusy("Summing up… (Ctrl-C stops)");
      const { entries } = await here(conversation.past).compact(keep, signal);
      await say(`${entries} entries are now a summary; the last turns stay as they were.`);
    },
  },
  {
    name: "export",
    usage: "/export [FILE]",
    says: "write this conversation to a Markdown file, or to FILE.json",
    run: exportSession,
  },
  {
    name: "status",
    usage: "/status",
    says: "show model, session and what is shared",
    isImmediate: true,
    run: async ({ conversation, tell }) => await tell(formatStatus(await conversation.describe())),
  },
  {
    name: "usage",
    usage: "/usage",
    says: "show tokens: of the last turn, this session, today, by model",
    isImmediate: true,
    run: async ({ conversation, tell }) => await tell(formatUsage(await here(conversation.past).usage())),
  },
  {
    name: "tools",
    usage: "/tools",
    says: "show what the assistant can use",
    run: async ({ conversation, tell, columns }) => {
      const tools = await here(conversation.hands).tools();
      await tell(formatTools(tools, (await conversation.describe()).sandbox, columns()));
    },
  },
  {
    name: "model",
    usage: "/model [NAME]",
    says: "choose the model, or list those that are known",
    run: chooseModel,
    complete: async (_, { models }) =>
      (await models()).map(({ model, label }) => ({ text: model, says: label })),
  },
  {
    name: "login",
    usage: "/login",
    says: "sign in or give a key, and go on with that model",
    run: async ({ logIn, conversation, say }, _, signal) => {
      const sentence = await logIn(signal);
      const model = await conversation.chooseModel(undefined);
      await say(`${sentence} The model is ${sanitizeLine(model)}.`);
    },
  },
  {
    name: "stop",
    usage: "/stop",
    says: "stop what is running (Ctrl-C too)",
    isImmediate: true,
    run: async ({ stop, say }) => {
      if (!(await stop())) await say("Nothing is running.");
    },
  },
  {
    name: "help",
    usage: "/help",
    says: "show this",
    isImmediate: true,
    run: async ({ tell }) => await tell(formatHelp(slashCommands)),
  },
  {
    name: "quit",
    usage: "/quit",
    says: "leave (Ctrl-D too)",
    isImmediate: true,
    run: async ({ leave }) => leave(),
  },
];

/** What a conversation may lack, for one that has to have it. */
function here<T>(part: T | undefined): T {
  if (part === undefined) throw new AppError("usage", "That can't be done in this conversation.");
  return part;
}

function formatHelp(commands: readonly SlashCommand[]): string {
  const width = Math.max(...commands.map(({ usage }) => usage.length)) + 2;
  const rows = commands.map(({ usage, says }) => `  ${usage.padEnd(width)}${says}\n`);
  return `${rows.join("")}\n${inputHelp}`;
}

const inputHelp = `  @PATH     attach a file of a shared folder or of the workspace
  !COMMAND  run a command in the sandbox yourself; the model sees it with your next message
  Alt-Enter, or a backslash at the end, begins another line; Tab completes / and @
  Up and down go through what you wrote, Ctrl-R searches it
  Ctrl-W, Ctrl-U and Ctrl-K cut a word or a line, Ctrl-Y puts it back
  What you enter while a turn runs joins it at its next step
`;
