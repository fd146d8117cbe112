import type { Clock } from "../clock.ts";
import { forgetOldImages } from "../providers/images.ts";
import {
  addUsage,
  noUsage,
  toText,
  type AssistantMessage,
  type Message,
  type Provider,
  type ProviderError,
  type ProviderRequest,
  type StopReason,
  type Usage,
  type UserMessage,
} from "../providers/provider.ts";
import type { Thinking } from "../providers/thinking.ts";
import type { ApprovalId, MessageId } from "../store/ids.ts";
import type { Emit, TurnEndReason, TurnError } from "./events.ts";
import { fenceResults } from "./fence-results.ts";
import { findReachedLimit, type LoopLimits } from "./limits.ts";
import { RepeatCounter } from "./repeats.ts";
import type { ToolRunner } from "../tools/tool-runner.ts";
import { providerWords } from "../words/english/provider.ts";
import { runCalls } from "./run-calls.ts";
import { toCalls, withUniqueCallIds } from "./transcript.ts";
import { toTurnError } from "./turn-error.ts";

export interface LoopOptions {
  readonly provider: Provider;
  readonly tools: ToolRunner;
  readonly limits: LoopLimits;
  readonly clock: Clock;
  readonly model: string;
  readonly system: string;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly thinking?: Thinking;
  /** Takes what people wrote since the turn began; asked at every step boundary. */
  readonly takeJoining?: () => Promise<readonly JoiningMessage[]>;
  /** A tool has said something to whoever asked: then nothing more need be said. */
  readonly hasSpoken?: () => Promise<boolean>;
}

export interface JoiningMessage {
  readonly message: UserMessage;
  /** Its row, when it came through a chat. */
  readonly inbox?: MessageId;
  /** It tells what became of requests to the owner. */
  readonly approvals?: readonly ApprovalId[];
}

export interface LoopEnd {
  readonly reason: TurnEndReason;
  /** The last answer's visible text. */
  readonly text: string;
  readonly usage: Usage;
  readonly error?: TurnError;
}

/** Of tool results, which the provider has not counted yet. */
const bytesPerToken = 3;
/** How long the answer may take that sums up what was done until a limit. */
const lastAnswerMs = 120_000;

/**
 * The agent: the model speaks, its tools run, until it calls none. `messages` is a well-formed transcript that ends
 * with what is to be answered. Never rejects for what the model, the network, a tool or `signal` does.
 */
export async function runLoop(
  messages: readonly Message[],
  options: LoopOptions,
  emit: Emit,
  signal: AbortSignal,
): Promise<LoopEnd> {
  const { clock, limits, tools } = options;
  const startedAt = clock.monotonic();
  const transcript: Message[] = [...messages];
  const takenIds = new Set(
    transcript.flatMap((message) => (message.role === "tool" ? [message.callId] : [])),
  );
  const repeats = new RepeatCounter();
  // What hangs at the limit is ended, be it the model or a tool: between steps alone nobody would notice.
  const time = AbortSignal.timeout(limits.durationMs);
  const inTime = AbortSignal.any([signal, time]);
  let usage = noUsage;
  let resultBytes = 0;
  let contextTokens = 0;

  for (let step = 1; ; step++) {
    for (const joining of (await options.takeJoining?.()) ?? []) {
      transcript.push(joining.message);
      await emit({ type: "message-join", ...joining });
    }
    const reached = findReachedLimit(
      {
        steps: step - 1,
        durationMs: time.aborted ? limits.durationMs : clock.monotonic() - startedAt,
        tokens: usage.inputTokens + usage.outputTokens,
        contextTokens,
        bytes: resultBytes,
        repeats: repeats.highest,
      },
      limits,
    );
    if (reached !== undefined) {
      transcript.push(toLimitMessage(reached));
      await emit({ type: "notice", text: `Stopped at ${reached}.` });
    }
    await emit({ type: "step-start", step });
    const isLast = reached !== undefined;
    const until = isLast ? AbortSignal.any([signal, AbortSignal.timeout(lastAnswerMs)]) : inTime;
    const answer = await ask(transcript, options, !isLast, takenIds, emit, until);
    usage = addUsage(usage, answer.usage);
    const text = answer.message === undefined ? "" : toText(answer.message);
    if (answer.type === "aborted") {
      if (signal.aborted) return { reason: "aborted", text, usage };
      if (isLast) return { reason: "limit", text, usage };
      if (answer.message !== undefined) transcript.push(answer.message);
      continue;
    }
    if (answer.type === "error") return { reason: "error", text, usage, error: toTurnError(answer.error) };

    transcript.push(answer.message);
    const calls = toCalls(answer.message);
    if (isLast) return { reason: "limit", text, usage };
    if (calls.length === 0) return await finish(answer.reason, text, usage, options, emit);

    const results = await runCalls(calls, tools, { clock, limit: limits.callsPerStep }, emit, inTime);
    transcript.push(...results);
    const bytes = results.reduce((sum, result) => sum + Buffer.byteLength(result.content), 0);
    resultBytes += bytes;
    contextTokens = countTokens(answer.usage) + Math.ceil(bytes / bytesPerToken);
    repeats.count(calls, results);
    if (signal.aborted) return { reason: "aborted", text, usage };
  }
}

/** All that stood in a request, and its answer. */
function countTokens({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens;
}

type Answer =
  | { type: "stop"; reason: StopReason; message: AssistantMessage; usage: Usage }
  | { type: "error"; error: ProviderError; message: AssistantMessage | undefined; usage: Usage }
  | { type: "aborted"; message: AssistantMessage | undefined; usage: Usage };

/** One call of the model. What a person saw of a cut answer stays, marked as cut. */
async function ask(
  transcript: readonly Message[],
  options: LoopOptions,
  mayUseTools: boolean,
  takenIds: Set<string>,
  emit: Emit,
  signal: AbortSignal,
): Promise<Answer> {
  let seen = "";
  for await (const event of options.provider.stream(toRequest(transcript, options, mayUseTools), signal)) {
    switch (event.type) {
      case "text-delta":
        seen += event.text;
        await emit(event);
        break;
      case "thinking-delta":
      case "retry":
        await emit(event);
        break;
      case "stop": {
        const message = withUniqueCallIds(
          mayUseTools ? event.message : withoutCalls(event.message),
          takenIds,
        );
        await emit({ type: "message-end", message, usage: event.usage, wasCut: event.reason === "length" });
        return { type: "stop", reason: event.reason, message, usage: event.usage };
      }
      case "error":
      case "aborted": {
        const message = toPartialMessage(seen);
        if (message !== undefined) {
          await emit({ type: "message-end", message, usage: event.usage, wasCut: true });
        }
        return { ...event, message };
      }
      default:
        event satisfies never;
    }
  }
  throw new Error(`The provider ${options.provider.name} ended a stream without a last event`);
}

function toRequest(
  transcript: readonly Message[],
  options: LoopOptions,
  mayUseTools: boolean,
): ProviderRequest {
  const { model, system, maxTokens, temperature, thinking } = options;
  return {
    model,
    system,
    messages: fenceResults(forgetOldImages(transcript)),
    tools: options.tools.definitions,
    ...(mayUseTools ? {} : { toolChoice: "none" }),
    maxTokens,
    ...(temperature === undefined ? {} : { temperature }),
    ...(thinking === undefined ? {} : { thinking }),
  };
}

async function finish(
  reason: StopReason,
  text: string,
  usage: Usage,
  options: LoopOptions,
  emit: Emit,
): Promise<LoopEnd> {
  if (reason === "refused") {
    const error = { code: "provider-refused", ...providerWords.declined({ model: options.model }) };
    return { reason: "error", text, usage, error };
  }
  if (reason === "length") {
    await emit({ type: "notice", text: `The answer was cut at its limit of ${options.maxTokens} tokens.` });
  }
  if (text.trim() === "" && (await options.hasSpoken?.()) !== true) {
    const error = { code: "provider-failed", ...providerWords.empty({ model: options.model }) };
    return { reason: "error", text: "", usage, error };
  }
  return { reason: "done", text, usage };
}

function toLimitMessage(reached: string): UserMessage {
  const text = `You have reached ${reached}. No tool can be used now. Say what you have done and found, and what is left to do.`;
  return { role: "user", content: [{ type: "text", text }] };
}

function toPartialMessage(seen: string): AssistantMessage | undefined {
  return seen === "" ? undefined : { role: "assistant", content: [{ type: "text", text: seen }] };
}

function withoutCalls(message: AssistantMessage): AssistantMessage {
  return { ...message, content: message.content.filter((part) => part.type !== "tool-call") };
}
