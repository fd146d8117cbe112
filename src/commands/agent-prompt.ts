import type { Prompt } from "../channels/terminal/prompt.ts";
import { systemClock } from "../clock.ts";
import type { Conversation } from "../gateway/conversation.ts";
import type { ProgramName } from "./command.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { PromptSession } from "./prompt-session.ts";
import { createStyle } from "./style.ts";
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
  io: CommandIo,
  options: AgentPromptOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { model } = await conversation.describe();
  const style = createStyle(io.stdout.hasColor);
  await io.stderr.write(
    `${style.dim(`nanoclaw ${version} · ${conversation.group} · ${model} · /help shows what you can do`)}\n`,
  );
  await using prompt = await openPrompt(io, options);
  const view = new TurnView(
    {
      text: (text) => prompt.write(text),
      endLine: () => prompt.endLine(),
      aside: (text) => (io.stdout.isTerminal ? prompt.write(text) : io.stderr.write(text)),
      status: (text) => prompt.setBusy(text),
      columns: () => prompt.columns(),
    },
    { hasColor: io.stdout.hasColor, hasMarkdown: options.hasMarkdown },
  );
  const session = new PromptSession({ conversation, prompt, view, style, clock: systemClock });
  await session.run(signal);
  return 0;
}

/** The line editor where the terminal can carry it, plain lines elsewhere. */
async function openPrompt(io: CommandIo, options: AgentPromptOptions): Promise<Prompt> {
  const label = options.programName === "claw" ? "claw> " : "you> ";
  const write = (text: string): Promise<void> => io.stdout.write(text);
  if (!io.stdout.isTerminal || io.env["TERM"] === "dumb") {
    const { PlainPrompt } = await import("../channels/terminal/plain-prompt.ts");
    const writeLabel = (text: string): Promise<void> => io.stderr.write(text);
    return new PlainPrompt({ label, input: io.stdin.stream(), write, writeLabel });
  }
  const { LinePrompt } = await import("../channels/terminal/line-prompt.ts");
  const { loadHistory } = await import("../channels/terminal/history.ts");
  const styled = createStyle(io.stdout.hasColor).bold(label.trimEnd());
  return new LinePrompt({ label: `${styled} `, history: await loadHistory(options.historyPath), write });
}
