import type { PromptAids } from "../channels/terminal/completion.ts";
import type { Prompt } from "../channels/terminal/prompt.ts";
import { systemClock } from "../clock.ts";
import type { Conversation } from "../turns/conversation.ts";
import { createPromptAids } from "../prompt/prompt-aids.ts";
import type { ModelName } from "../slash/chat-desk.ts";
import { slashCommands } from "../prompt/slash-commands.ts";
import type { ProgramName } from "./command.ts";
import type { StreamIo, ExitCode } from "./command-io.ts";
import type { Services } from "./services.ts";
import type { Saying } from "../words/define-words.ts";
import type { Language } from "../words/language.ts";
import { loadLanguage } from "../words/load-language.ts";
import { toProblemText } from "./problem.ts";
import { PromptSession } from "../prompt/prompt-session.ts";
import { createStyle, hasColor } from "./style.ts";
import { findLook } from "./terminal-look.ts";
import { TurnView } from "../prompt/turn-view.ts";
import { version } from "./version.ts";
import { wrapLines } from "./wrap-text.ts";

export interface AgentPromptOptions {
  readonly programName: ProgramName;
  readonly hasMarkdown: boolean;
  readonly services: Pick<Services, "historyPath" | "listModels" | "logIn">;
}

/** The prompt, until the person leaves. A failed turn is told and does not end it. */
export async function runAgentPrompt(
  conversation: Conversation,
  io: StreamIo,
  options: AgentPromptOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const [{ model }, language] = await Promise.all([conversation.describe(), loadLanguage(io.env)]);
  const { phrases } = language;
  const style = createStyle(hasColor(io, "output"));
  const wrap = (text: string): string => (io.isTerminal.output ? wrapLines(text, io.columns) : text);
  const banner = `nanoclaw ${version} · ${conversation.group} · ${model} · ${phrases.prompt.banner}\n`;
  await io.writeError(style.dim(wrap(banner)));
  const models = (): Promise<readonly ModelName[]> => options.services.listModels(signal);
  const aids = createPromptAids({ commands: slashCommands, conversation, models, phrases });
  await using prompt = await openPrompt(io, options, aids, language);
  const view = new TurnView(
    {
      text: (text, open) => prompt.write(text, open),
      endLine: () => prompt.endLine(),
      aside: (text) => (io.isTerminal.output ? prompt.write(text) : io.writeError(text)),
      status: (text) => prompt.setBusy(text),
      columns: () => prompt.columns(),
    },
    { look: findLook(io), hasMarkdown: options.hasMarkdown, clock: systemClock, canUnfold: true },
  );
  const session = new PromptSession({
    conversation,
    prompt,
    view,
    style,
    speech: { phrases, wrap, formatProblem: (problem: Saying) => toProblemText(problem, language, io) },
    clock: systemClock,
    commands: slashCommands,
    folder: io.cwd,
    home: io.env["HOME"] ?? "/",
    models,
    logIn: (until) => options.services.logIn(until),
  });
  await session.run(signal);
  return 0;
}

/** The line editor where the terminal can carry it, plain lines elsewhere. */
async function openPrompt(
  io: StreamIo,
  options: AgentPromptOptions,
  aids: PromptAids,
  { phrases }: Language,
): Promise<Prompt> {
  const label = options.programName === "claw" ? "claw> " : "you> ";
  const write = (text: string): Promise<void> => io.write(text);
  if (!io.isTerminal.output || io.env["TERM"] === "dumb") {
    const { PlainPrompt } = await import("../channels/terminal/plain-prompt.ts");
    const writeLabel = (text: string): Promise<void> => io.writeError(text);
    return new PlainPrompt({ label, input: io.input.stream(), write, writeLabel });
  }
  const { LinePrompt } = await import("../channels/terminal/line-prompt.ts");
  const { loadHistory } = await import("../channels/terminal/history.ts");
  const style = createStyle(hasColor(io, "output"));
  const history = await loadHistory(options.services.historyPath());
  const labels = { label: `${style.bold(label.trimEnd())} `, editLabel: `${style.bold("edit>")} ` };
  return new LinePrompt({ ...labels, history, aids, style, words: phrases.editor, write });
}
