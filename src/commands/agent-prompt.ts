import type { Prompt } from "../channels/terminal/prompt.ts";
import { systemClock } from "../clock.ts";
import type { Conversation } from "../gateway/conversation.ts";
import type { ProgramName } from "./command.ts";
import type { StreamIo, ExitCode } from "./command-io.ts";
import type { Saying } from "../words/define-words.ts";
import { loadLanguage } from "../words/load-language.ts";
import { toProblemText } from "./problem.ts";
import { PromptSession } from "./prompt-session.ts";
import { createStyle, hasColor } from "./style.ts";
import { TurnView } from "./turn-view.ts";
import { version } from "./version.ts";

export interface AgentPromptOptions {
  readonly programName: ProgramName;
  readonly hasMarkdown: boolean;
  readonly historyPath: string;
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
  await io.writeError(
    `${style.dim(`nanoclaw ${version} · ${conversation.group} · ${model} · ${phrases.prompt.banner}`)}\n`,
  );
  await using prompt = await openPrompt(io, options);
  const view = new TurnView(
    {
      text: (text) => prompt.write(text),
      endLine: () => prompt.endLine(),
      aside: (text) => (io.isTerminal.output ? prompt.write(text) : io.writeError(text)),
      status: (text) => prompt.setBusy(text),
      columns: () => prompt.columns(),
    },
    { hasColor: hasColor(io, "output"), hasMarkdown: options.hasMarkdown },
  );
  const speech = { phrases, formatProblem: (problem: Saying) => toProblemText(problem, language, io) };
  const session = new PromptSession({ conversation, prompt, view, style, clock: systemClock, speech });
  await session.run(signal);
  return 0;
}

/** The line editor where the terminal can carry it, plain lines elsewhere. */
async function openPrompt(io: StreamIo, options: AgentPromptOptions): Promise<Prompt> {
  const label = options.programName === "claw" ? "claw> " : "you> ";
  const write = (text: string): Promise<void> => io.write(text);
  if (!io.isTerminal.output || io.env["TERM"] === "dumb") {
    const { PlainPrompt } = await import("../channels/terminal/plain-prompt.ts");
    const writeLabel = (text: string): Promise<void> => io.writeError(text);
    return new PlainPrompt({ label, input: io.input.stream(), write, writeLabel });
  }
  const { LinePrompt } = await import("../channels/terminal/line-prompt.ts");
  const { loadHistory } = await import("../channels/terminal/history.ts");
  const styled = createStyle(hasColor(io, "output")).bold(label.trimEnd());
  return new LinePrompt({ label: `${styled} `, history: await loadHistory(options.historyPath), write });
}
