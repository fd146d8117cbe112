import type { Actor } from "../authority/actor.ts";
import type { Authority } from "../authority/decision.ts";
import type { Taint } from "../authority/taint.ts";
import type { Log } from "../log.ts";
import type { ToolCall } from "../providers/provider.ts";
import type { ToolSandbox } from "../sandbox/sandbox.ts";
import { AppError, explain } from "../errors.ts";
import { clip } from "./clip.ts";
import { findNearestWord } from "../nearest-word.ts";
import { parseArguments } from "./parse-arguments.ts";
import { saveOutput } from "./save-output.ts";
import { toTitle } from "./title.ts";
import type { CallApprovals } from "./call-approvals.ts";
import type { Effect, Tool, ToolContext, ToolQuestion, ToolResult } from "./tool.ts";
import type { ToolOutcome } from "./tool-runner.ts";
import { toVisible, toVisibleLine } from "./visible.ts";

export interface ToolRunnerOptions {
  readonly tools: readonly Tool[];
  readonly authority: Pick<Authority, "decide">;
  readonly actor: Actor;
  readonly group: string;
  /** Of the turn, now. */
  readonly taint: () => Taint;
  /** Opens the group's sandbox on first use. */
  readonly sandbox: () => Promise<ToolSandbox>;
  /** Where the owner can be asked; without it what needs his yes is refused. */
  readonly approvals?: CallApprovals | undefined;
  readonly log: Log;
}

/** The stages of one call. Never rejects but with `signal.reason`. */
export async function runCall(
  call: ToolCall,
  tools: ReadonlyMap<string, Tool>,
  options: ToolRunnerOptions,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const context = { callId: call.id, signal, sandbox: options.sandbox, progress };
  const { result, ran } = await untilAborted(runStages(call, tools, options, context), signal);
  const outcome = await untilAborted(toOutcome(result, context, options.log), signal);
  const isForeign = ran !== undefined && foreign.includes(ran.effect) && options.taint().sawUntrusted;
  return isForeign ? { ...outcome, isForeign } : outcome;
}

/** What brings content of others once any was seen here: a file, a command, a page. */
const foreign: readonly Effect[] = ["read", "execute", "outside"];

interface Stages {
  readonly result: ToolResult;
  /** The tool that had its say in it; without one, the words are ours. */
  readonly ran?: Tool;
}

async function runStages(
  call: ToolCall,
  tools: ReadonlyMap<string, Tool>,
  options: ToolRunnerOptions,
  context: ToolContext,
): Promise<Stages> {
  let ran: Tool | undefined;
  try {
    const tool = findTool(call.name, tools);
    const input = parseArguments(tool.name, tool.input, call.arguments);
    const granted = await authorize(call, tool, input, options, context);
    context.signal.throwIfAborted();
    if (granted.type === "waits") return { result: granted.result };
    ran = tool;
    const { outgoing } = granted;
    const given = outgoing === undefined ? context : { ...context, outgoing };
    return { result: await tool.execute(input, given), ran };
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    const result = toErrorResult(error, call, options.log);
    return ran === undefined ? { result } : { result, ran };
  }
}

function findTool(name: string, tools: ReadonlyMap<string, Tool>): Tool {
  const tool = tools.get(name);
  if (tool !== undefined) return tool;
  const known = [...tools.keys()];
  const nearest = findNearestWord(name, known);
  const suggestion = nearest === undefined ? "" : ` Did you mean ${nearest}?`;
  throw new AppError(
    "not-found",
    `There is no tool ${JSON.stringify(toVisibleLine(name, 80))}.${suggestion}`,
    {
      hint: `Known: ${known.join(", ")}.`,
    },
  );
}

type Granted =
  /** `outgoing`: what was frozen when the owner was asked is what goes out. */
  | { readonly type: "runs"; readonly outgoing?: Uint8Array | undefined }
  | { readonly type: "waits"; readonly result: ToolResult };

/** Throws `AppError("denied")` for a no. */
async function authorize(
  call: ToolCall,
  tool: Tool,
  input: unknown,
  { authority, actor, group: own, taint, approvals }: ToolRunnerOptions,
  context: ToolContext,
): Promise<Granted> {
  const question: ToolQuestion =
    typeof tool.action === "string" ? { action: tool.action } : await tool.action(input, context);
  const { action, group = own, bound } = question;
  const object = { group, name: toTitle(call, tool) };
  const decision = await authority.decide(actor, action, object, taint());
  switch (decision.verdict) {
    case "allow":
      return { type: "runs" };
    case "ask": {
      const diff = await tool.diff?.(input, context);
      const asked = { tool, input, action, group, title: object.name, diff, bound };
      const found = await approvals?.findConsent(asked);
      if (found !== undefined) {
        const { consent, outgoing } = found;
        const second = await authority.decide(actor, action, { ...object, consent }, taint());
        if (second.verdict === "allow") return { type: "runs", outgoing };
      }
      if (approvals !== undefined) {
        const outgoing = await tool.freeze?.(input, context);
        return { type: "waits", result: await approvals.request(asked, decision, outgoing) };
      }
      throw new AppError(
        "denied",
        `This needs the owner's approval, and he cannot be asked here, so it was not done: ${decision.reason}`,
      );
    }
    case "deny":
      throw new AppError("denied", `Refused: ${decision.reason}`);
    default:
      return decision satisfies never;
  }
}

function toErrorResult(error: unknown, call: ToolCall, log: Log): ToolResult {
  if (!(error instanceof AppError)) {
    log.error("a tool failed in a way nobody foresaw", { tool: call.name, call: call.id, error });
  }
  const { message, hint } = explain(error, call.id);
  const content = hint === undefined ? `Error: ${message}` : `Error: ${message} ${hint}`;
  return { content, isError: true };
}

async function toOutcome(result: ToolResult, context: ToolContext, log: Log): Promise<ToolOutcome> {
  const { isError = false, details = {}, images } = result;
  const content = toVisible(result.content);
  const clipped = clip(content);
  if (clipped === undefined)
    return { content, isError, details, ...(images === undefined ? {} : { images }) };
  const { head, tail, omittedCharacters, omittedLines } = clipped;
  const place = await save(content, context, log);
  const note = `[${omittedCharacters} characters (${omittedLines} lines) are left out here. ${place}]`;
  return {
    content: `${head.trimEnd()}\n${note}\n${tail}`,
    isError,
    details: { ...details, omittedCharacters },
  };
}

async function save(content: string, context: ToolContext, log: Log): Promise<string> {
  try {
    return `All of it is in ${await saveOutput(content, context)}`;
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    if (!(error instanceof AppError))
      log.error("an output could not be saved", { call: context.callId, error });
    return "All of it could not be saved";
  }
}

/** A tool that ignores its signal must not hold up the end of the turn. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const result = await Promise.race([work, aborted.promise]);
    signal.throwIfAborted();
    return result;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
