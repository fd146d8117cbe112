import { mark } from "../trace.ts";
import { AppError } from "../errors.ts";
import type { ConversationOptions, SharedFolder } from "../turns/conversation.ts";
import { createLog, silentLog } from "../log.ts";
import { parseThinking, type Thinking } from "../providers/thinking.ts";
import { readAgentInput } from "./agent-input.ts";
import type { ParsedArguments } from "./arguments.ts";
import type { ProgramName } from "./command.ts";
import type { StreamIo, ExitCode } from "./command-io.ts";
import type { Services } from "./services.ts";
import { usageWords } from "../words/english/usage.ts";

export interface AgentDependencies {
  readonly programName: ProgramName;
  readonly services: Pick<Services, "openConversation" | "historyPath" | "listModels" | "logIn">;
}

/** Answers once, or opens the prompt when a person sits there and gave no message. */
export async function runAgentCommand(
  args: ParsedArguments,
  io: StreamIo,
  { programName, services }: AgentDependencies,
  signal: AbortSignal,
): Promise<ExitCode> {
  mark("arguments");
  const input = await readAgentInput(args, io, signal);
  mark("input");
  const options = toConversationOptions(args, io, input.type === "message" && input.hasMaterial);
  const hasMarkdown = !args.has("no-markdown");
  if (input.type === "message") {
    const { answerOnce } = await import("./agent-once.ts");
    const view = { isJson: args.has("json"), hasMarkdown };
    const { text, images } = input;
    const message = images.length === 0 ? text : { text, images };
    return await answerOnce(message, () => services.openConversation(options, signal), io, view, signal);
  }
  if (args.has("json")) {
    throw new AppError("usage", usageWords.jsonNeedsMessage());
  }
  const { runAgentPrompt } = await import("./agent-prompt.ts");
  const lasting = { ...options, isLasting: true };
  await using conversation = await services.openConversation(lasting, signal);
  return await runAgentPrompt(conversation, io, { programName, hasMarkdown, services }, signal);
}

function toConversationOptions(
  args: ParsedArguments,
  io: StreamIo,
  sawUntrusted: boolean,
): ConversationOptions {
  const group = toName(args, "group");
  const session = toName(args, "session");
  const model = toName(args, "model");
  const thinking = toThinking(args.value("think"));
  return {
    ...(group === undefined ? {} : { group }),
    ...(session === undefined ? {} : { session }),
    ...(model === undefined ? {} : { model }),
    ...(thinking === undefined ? {} : { thinking }),
    folders: args.values("folder").map(parseFolder),
    currentFolder: io.cwd,
    ...(io.isTerminal.input && io.isTerminal.error
      ? {
          askAboutFolder: async (path: string, signal: AbortSignal) => {
            const [{ askAboutFolder }, { loadLanguage }] = await Promise.all([
              import("../channels/terminal/ask.ts"),
              import("../words/load-language.ts"),
            ]);
            const { folder } = (await loadLanguage(io.env)).phrases;
            return await askAboutFolder(path, folder, { write: (text) => io.writeError(text) }, signal);
          },
        }
      : {}),
    sawUntrusted,
    log: args.has("logs")
      ? createLog({
          level: "debug",
          now: Date.now,
          write: (line) => void io.writeError(line).catch(() => {}),
          pretty: io.isTerminal.error,
        })
      : silentLog,
  };
}

function toName(args: ParsedArguments, flag: string): string | undefined {
  const value = args.value(flag);
  if (value?.trim() === "") throw new AppError("usage", usageWords.flagEmpty({ flag: `--${flag}` }));
  return value;
}

function toThinking(text: string | undefined): Thinking | undefined {
  const thinking = text === undefined ? undefined : parseThinking(text);
  if (text === undefined || thinking !== undefined) return thinking;
  throw new AppError("usage", usageWords.unknownThinking({ text }));
}

/** `PATH` or `PATH:ro` to read, `PATH:rw` to write too. */
export function parseFolder(text: string): SharedFolder {
  const path = text.replace(/:r[ow]$/, "");
  if (path === "") throw new AppError("usage", usageWords.flagEmpty({ flag: "--folder" }));
  return { path, canWrite: text.endsWith(":rw") };
}
