import { AppError } from "../errors.ts";
import { sanitizeLine } from "../channels/terminal/sanitize.ts";
import { toStatusRows, toUsageRows } from "../slash/fact-rows.ts";
import { slashTable, type PromptCommandName, type SlashRow } from "../slash/table.ts";
import type { Phrases } from "../words/english/phrases.ts";
import { promptWords } from "../words/english/prompt.ts";
import { runApprovals, runApprove, runDeny } from "./approve-command.ts";
import { exportSession } from "./export-command.ts";
import { formatRows, formatTools } from "./format-facts.ts";
import { editLast, retryLast } from "./last-message-commands.ts";
import { chooseModel } from "./model-command.ts";
import { runSessions } from "./sessions-command.ts";
import { runUndo } from "./undo-command.ts";
import type { SlashCommand } from "./slash-command.ts";

/** What each does at the prompt. */
const doings: Readonly<Record<PromptCommandName, Pick<SlashCommand, "run" | "complete">>> = {
  new: {
    run: async ({ conversation, say, phrases }) => {
      await conversation.startNewSession();
      await say(phrases.prompt.newConversation);
    },
  },
  retry: { run: retryLast },
  edit: { run: editLast },
  sessions: {
    run: runSessions,
    complete: async ({ past }) =>
      ((await past?.list()) ?? []).map(({ name, id, firstWords }) => ({
        text: name ?? String(id),
        says: sanitizeLine(firstWords ?? ""),
      })),
  },
  undo: { run: runUndo, complete: async () => [{ text: "list", says: "" }] },
  compact: {
    run: async ({ conversation, say, showBusy, phrases }, keep, signal) => {
      const past = here(conversation.past, "/compact");
      await showBusy(phrases.prompt.summingUp);
      const { entries } = await past.compact(keep, signal);
      await say(phrases.prompt.summedUp({ entries }));
    },
  },
  export: { run: exportSession },
  status: {
    run: async ({ conversation, tell, phrases }) =>
      await tell(formatRows(toStatusRows(await conversation.describe(), phrases))),
  },
  usage: {
    run: async ({ conversation, tell, phrases }) =>
      await tell(formatRows(toUsageRows(await here(conversation.past, "/usage").usage(), phrases))),
  },
  show: { run: async ({ unfold, show }, number) => await show(here(unfold(number), "/show")) },
  tools: {
    run: async ({ conversation, tell, columns, phrases }) => {
      const tools = await here(conversation.hands, "/tools").tools();
      const { sandbox } = await conversation.describe();
      const note = phrases.prompt.toolsWork({ sandbox: sanitizeLine(sandbox) });
      await tell(`${formatTools(tools, columns())}  ${note}\n`);
    },
  },
  approvals: { run: runApprovals },
  approve: { run: runApprove },
  deny: { run: runDeny },
  model: {
    run: chooseModel,
    complete: async (_, { models }) =>
      (await models()).map(({ model, label }) => ({ text: model, says: label })),
  },
  login: {
    run: async ({ logIn, conversation, say, phrases }, _, signal) => {
      await say(await logIn(signal));
      const model = await conversation.chooseModel(undefined);
      await say(phrases.prompt.model({ model: sanitizeLine(model) }));
    },
  },
  stop: {
    run: async ({ stop, say, phrases }) => {
      if (!(await stop())) await say(phrases.prompt.nothingRuns);
    },
  },
  help: { run: async ({ tell, phrases }) => await tell(formatHelp(slashCommands, phrases)) },
  quit: { run: async ({ leave }) => leave() },
};

/** The rows of the table that are for the prompt, with what they do there. */
export const slashCommands: readonly SlashCommand[] = slashTable.flatMap(
  (row: SlashRow): readonly SlashCommand[] => {
    const { name } = row;
    return isForPrompt(name) ? [{ ...row, says: (slash) => slash[name], ...doings[name] }] : [];
  },
);

function isForPrompt(name: string): name is PromptCommandName {
  return Object.hasOwn(doings, name);
}

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
