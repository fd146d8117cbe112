import type { AgentEvent } from "../agent/events.ts";
import { explain, isCancelled } from "../errors.ts";
import type { Conversation, TurnEnd } from "../gateway/conversation.ts";
import { noUsage } from "../providers/provider.ts";
import type { Saying } from "../words/define-words.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { createStyle, hasColor } from "./style.ts";
import { formatToolLine } from "./tool-line.ts";
import { TurnView } from "./turn-view.ts";

export interface OnceOptions {
  readonly isJson: boolean;
  readonly hasMarkdown: boolean;
}

/**
 * One message, one turn. Where standard output is no terminal it carries the answer and nothing else; with `--json`
 * every event as a line, the last of which is always `turn-end`.
 */
export async function answerOnce(
  message: string,
  open: () => Promise<Conversation>,
  io: CommandIo,
  options: OnceOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const view = options.isJson ? createJsonView(io) : createTextView(io, options);
  const end = await runTurn(message, open, view, signal);
  await view.finish(end);
  if (end.error !== undefined) await tellProblem(end.error, io);
  signal.throwIfAborted();
  return end.reason === "error" || end.reason === "aborted" ? 1 : 0;
}

async function tellProblem(problem: Saying, io: CommandIo): Promise<void> {
  const { formatProblem } = await import("./problem.ts");
  await io.writeError(await formatProblem(problem, io));
}

interface View {
  show(event: AgentEvent): Promise<void>;
  finish(end: TurnEnd): Promise<void>;
}

/** A reader that went away (`| head -1`) or a full disk stops the turn: nobody would see the rest. */
async function runTurn(
  message: string,
  open: () => Promise<Conversation>,
  view: View,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const unread = new AbortController();
  try {
    await using conversation = await open();
    const end = await conversation.send(
      message,
      async (event) => {
        if (event.type === "turn-end" || unread.signal.aborted) return;
        try {
          await view.show(event);
        } catch (error) {
          unread.abort(error);
        }
      },
      AbortSignal.any([signal, unread.signal]),
    );
    unread.signal.throwIfAborted();
    return end;
  } catch (error) {
    if (!unread.signal.aborted) await view.finish(toTurnEnd(error));
    throw error;
  }
}

/** What a program that reads the events is told when no turn came about. */
function toTurnEnd(error: unknown): TurnEnd {
  const end = { type: "turn-end", text: "", usage: noUsage } as const;
  if (isCancelled(error)) return { ...end, reason: "aborted" };
  const code = error instanceof Error && "code" in error ? String(error.code) : "bug";
  return { ...end, reason: "error", error: { code, ...explain(error) } };
}

function createJsonView(io: CommandIo): View {
  const show = (event: AgentEvent): Promise<void> => io.write(`${toJsonLine(event)}\n`);
  return { show, finish: show };
}

/** JSON leaves these as they are; a terminal would obey them. */
function toJsonLine(event: AgentEvent): string {
  return JSON.stringify(event).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function createTextView(io: CommandIo, options: OnceOptions): View {
  return io.isTerminal.output ? createTerminalView(io, options) : createPipedView(io);
}

function createPipedView(io: CommandIo): View {
  const style = createStyle(hasColor(io, "error"));
  return {
    async show(event) {
      if (event.type === "tool-end") {
        await io.writeError(`${style.dim(formatToolLine(event, io.columns))}\n`);
      } else if (event.type === "notice") {
        await tellProblem({ message: event.text }, io);
      }
    },
    async finish({ text }) {
      if (text !== "") await io.write(text.endsWith("\n") ? text : `${text}\n`);
    },
  };
}

function createTerminalView(io: CommandIo, options: OnceOptions): View {
  let status = "";
  let isAtLineStart = true;
  async function setStatus(text: string): Promise<void> {
    if (!io.isTerminal.error || text === status) return;
    await io.writeError(`${status === "" ? "" : "\r\u001b[K"}${text}`);
    status = text;
  }
  const view = new TurnView(
    {
      text: async (text) => {
        await setStatus("");
        isAtLineStart = text.endsWith("\n");
        await io.write(text);
      },
      endLine: async () => {
        if (isAtLineStart) return;
        isAtLineStart = true;
        await io.write("\n");
      },
      aside: async (text) => {
        await setStatus("");
        await io.writeError(text);
      },
      status: setStatus,
      columns: () => io.columns,
    },
    { hasColor: hasColor(io, "output"), hasMarkdown: options.hasMarkdown },
  );
  return { show: (event) => view.show(event), finish: (end) => view.show(end) };
}
