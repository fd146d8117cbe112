import { mark } from "../trace.ts";
import { eventVersion, type AgentEvent, type Emit } from "../agent/events.ts";
import { systemClock } from "../clock.ts";
import { explain, isCancelled } from "../errors.ts";
import type { Conversation, PersonMessage, TurnEnd } from "../turns/conversation.ts";
import { omitImageData } from "../image.ts";
import { noUsage } from "../providers/provider.ts";
import type { Saying } from "../words/define-words.ts";
import type { CommandIo, ExitCode } from "./command-io.ts";
import { createStyle, hasColor } from "./style.ts";

export interface OnceOptions {
  readonly isJson: boolean;
  readonly hasMarkdown: boolean;
  /** Instead of sending the message. */
  readonly act?: (conversation: Conversation, emit: Emit, signal: AbortSignal) => Promise<TurnEnd>;
}

/**
 * One message, one turn. Where standard output is no terminal it carries the answer and nothing else; with `--json`
 * every event as a line, the last of which is always `turn-end`.
 */
export async function answerOnce(
  message: string | PersonMessage,
  open: () => Promise<Conversation>,
  io: CommandIo,
  options: OnceOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const view = options.isJson ? createJsonView(io) : await createTextView(io, options);
  const { act = async (conversation, emit, stop) => await conversation.send(message, emit, stop) } = options;
  const canAsk = io.isTerminal.input && io.isTerminal.error && !options.isJson;
  const end = await runTurn(act, open, view, canAsk ? io : undefined, signal);
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
  act: NonNullable<OnceOptions["act"]>,
  open: () => Promise<Conversation>,
  view: View,
  asker: CommandIo | undefined,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const unread = new AbortController();
  try {
    await using conversation = await open();
    mark("conversation");
    const waiting: number[] = [];
    const stop = AbortSignal.any([signal, unread.signal]);
    const show = async (event: AgentEvent): Promise<void> => {
      if (event.type === "approval-wait") waiting.push(event.approval);
      if (event.type === "turn-end" || unread.signal.aborted) return;
      try {
        await view.show(event);
      } catch (error) {
        unread.abort(error);
      }
    };
    let end = await act(conversation, show, stop);
    while (asker !== undefined && waiting.length > 0 && !stop.aborted) {
      await view.finish(end);
      const { askOnce } = await import("./ask-once.ts");
      const next = await askOnce(waiting.splice(0), conversation, asker, show, stop);
      if (next === undefined) return { ...end, text: "" };
      end = next;
    }
    mark("turn ended");
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
  const { type, ...facts } = event;
  const told = type === "turn-start" ? { type, version: eventVersion, ...facts } : event;
  return JSON.stringify(told, omitImageData).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

async function createTextView(io: CommandIo, options: OnceOptions): Promise<View> {
  return io.isTerminal.output ? await createTerminalView(io, options) : createPipedView(io);
}

function createPipedView(io: CommandIo): View {
  return {
    async show(event) {
      if (event.type === "tool-end") {
        const style = createStyle(hasColor(io, "error"));
        const { formatToolLine } = await import("../prompt/tool-line.ts");
        await io.writeError(`${style.dim(formatToolLine(event, io.columns))}\n`);
      } else if (event.type === "notice") {
        await tellProblem({ message: event.text }, io);
      } else if (event.type === "approval-wait") {
        const { tellWaiting } = await import("./tell-waiting.ts");
        await tellProblem(await tellWaiting(event, io), io);
      }
    },
    async finish({ text }) {
      if (text !== "") await io.write(text.endsWith("\n") ? text : `${text}\n`);
    },
  };
}

/** Loaded for a terminal only: a pipe does not wait for what draws. */
async function createTerminalView(io: CommandIo, options: OnceOptions): Promise<View> {
  const { PromptScreen } = await import("../channels/terminal/prompt-screen.ts");
  const { TurnView } = await import("../prompt/turn-view.ts");
  const { findLook } = await import("./terminal-look.ts");
  const screen = new PromptScreen(() => ({ columns: io.columns, rows: io.rows }));
  const view = new TurnView(
    {
      text: (text, open) => io.write(screen.write(text, open)),
      endLine: () => io.write(screen.endLine()),
      aside: (text) => (io.isTerminal.error ? io.write(screen.write(text)) : io.writeError(text)),
      status: (text) =>
        io.write(screen.setBottom(text === "" ? undefined : { label: text, text: "", cursor: 0 })),
      columns: () => io.columns,
    },
    { look: findLook(io), hasMarkdown: options.hasMarkdown, clock: systemClock, canUnfold: false },
  );
  return { show: (event) => view.show(event), finish: (end) => view.show(end) };
}
