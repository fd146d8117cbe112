import type {
  ChatCompletionChunk,
  ChatCompletionMessage,
} from "openai/resources/chat/completions/completions";
import type { CompletionUsage } from "openai/resources/completions";
import { toStreamComplaint } from "../complaint.ts";
import type { AnswerReader, AnswerStep } from "../exchange.ts";
import type { Complaint } from "../failure.ts";
import { toList, toLoose, toText, toTokens, type Loose } from "../loose.ts";
import { sealProof } from "../proof.ts";
import { noUsage, type AssistantMessage, type Message, type StopReason, type Usage } from "../provider.ts";
import { createCallIds } from "../tool-calls.ts";
import { addDetails, toDetailText, toReasoningProof } from "./reasoning.ts";
import { addToolDelta, type GrowingCall } from "./tool-deltas.ts";

type Part = AssistantMessage["content"][number];

/** Where compatible servers put what the standard does not have. */
interface Chunk extends ChatCompletionChunk {
  readonly x_groq: { readonly usage: CompletionUsage };
}

interface Choice extends Omit<ChatCompletionChunk.Choice, "delta"> {
  readonly delta: Delta;
  /** Instead of `delta`, where the server did not stream. */
  readonly message: ChatCompletionMessage & Delta;
  readonly usage: CompletionUsage;
}

interface Delta extends ChatCompletionChunk.Choice.Delta {
  readonly reasoning_content: string;
  readonly reasoning: string;
  readonly reasoning_details: readonly object[];
}

interface ReportedUsage extends CompletionUsage {
  /** DeepSeek, Moonshot. */
  readonly prompt_cache_hit_tokens: number;
  readonly cached_tokens: number;
}

/** Reads the chunks of one streamed completion, or one completion as a whole. */
export function createAnswerReader(history: readonly Message[], provider: string): AnswerReader {
  const calls: GrowingCall[] = [];
  let text = "";
  let thinking = "";
  let thinkingField = "";
  const details: Record<string, unknown>[] = [];
  let finishReason = "";
  let hasUsage = false;
  let isDone = false;
  let hasRefused = false;
  let usage = noUsage;

  return {
    read(value) {
      if (value === "[DONE]") {
        isDone = true;
        return [];
      }
      const chunk = toLoose<Chunk>(value);
      const choice = toLoose<Choice>(toList(chunk?.choices)[0]);
      const complaint = toStreamComplaint(value) ?? toStreamComplaint(choice);
      if (complaint !== undefined) return [{ type: "complaint", complaint }];
      takeUsage(chunk?.usage ?? chunk?.x_groq?.usage ?? choice?.usage);
      finishReason = toText(choice?.finish_reason) || finishReason;
      if (brokenOff.has(finishReason)) return [{ type: "complaint", complaint: toBrokenOff(finishReason) }];
      return readDelta(choice?.delta ?? choice?.message);
    },
    isComplete: () => isDone || (finishReason !== "" && hasUsage),
    finish() {
      if (finishReason === "" && !isDone) return undefined;
      const reason = hasRefused ? "refused" : toStopReason(finishReason, calls.length > 0);
      return { reason, message: { role: "assistant", content: toParts(reason) } };
    },
    usage: () => usage,
  };

  function readDelta(delta: Loose<Delta> | null | undefined): AnswerStep[] {
    const steps: AnswerStep[] = [];
    const field = toText(delta?.reasoning_content) === "" ? "reasoning" : "reasoning_content";
    const pieces = toList(delta?.reasoning_details);
    addDetails(details, pieces);
    const thought = toText(delta?.[field]) || toDetailText(pieces);
    if (thought !== "") {
      thinking += thought;
      thinkingField = field;
      steps.push({ type: "thinking-delta", text: thought });
    }
    const refusal = toText(delta?.refusal);
    hasRefused ||= refusal !== "";
    const said = toContentText(delta?.content) + refusal;
    if (said !== "") {
      text += said;
      steps.push({ type: "text-delta", text: said });
    }
    for (const call of toList(delta?.tool_calls)) addToolDelta(calls, call);
    return steps;
  }

  function takeUsage(value: unknown): void {
    const reported = toLoose<ReportedUsage>(value);
    if (reported === undefined) return;
    hasUsage = true;
    usage = toUsage(reported);
  }

  function toParts(reason: StopReason): Part[] {
    const parts: Part[] = [];
    if (thinking !== "" || details.length > 0) {
      const signature = sealProof(provider, toReasoningProof(thinkingField, details));
      parts.push({ type: "thinking", text: thinking, signature });
    }
    if (text !== "") parts.push({ type: "text", text });
    if (reason !== "tool-calls") return parts;
    const newCallId = createCallIds(history);
    for (const call of calls) parts.push(toToolCall(call, newCallId(call.id), provider));
    return parts;
  }
}

/** How gateways and DeepSeek say that the model behind them gave up. */
const brokenOff = new Set(["error", "insufficient_system_resource"]);

function toBrokenOff(reason: string): Complaint {
  return { status: 503, message: `the answer ended with "${reason}"`, code: reason };
}

function toToolCall(call: GrowingCall, id: string, provider: string): Part {
  const json = call.arguments.trim() === "" ? "{}" : call.arguments;
  const whole = { type: "tool-call", id, name: call.name, arguments: json } as const;
  if (call.extra === undefined || call.extra === null) return whole;
  const extra = { kind: "extra_content", value: JSON.stringify(call.extra) };
  return { ...whole, signature: sealProof(provider, extra) };
}

/** Some servers send the content as parts. */
function toContentText(content: unknown): string {
  if (!Array.isArray(content)) return toText(content);
  return content.map((part) => toText(toLoose<{ text: string }>(part)?.text)).join("");
}

function toUsage(reported: Loose<ReportedUsage>): Usage {
  const prompt = toTokens(reported.prompt_tokens) ?? 0;
  const details = reported.prompt_tokens_details;
  const cached =
    toTokens(details?.cached_tokens) ??
    toTokens(reported.prompt_cache_hit_tokens) ??
    toTokens(reported.cached_tokens) ??
    0;
  const cacheReadTokens = Math.min(cached, prompt);
  const cacheWriteTokens = Math.min(toTokens(details?.cache_write_tokens) ?? 0, prompt - cacheReadTokens);
  return {
    inputTokens: prompt - cacheReadTokens - cacheWriteTokens,
    outputTokens: toTokens(reported.completion_tokens) ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
  };
}

function toStopReason(reason: string, hasCalls: boolean): StopReason {
  switch (reason) {
    case "length":
    case "max_tokens":
      return "length";
    case "content_filter":
    case "refusal":
      return "refused";
    default:
      return hasCalls ? "tool-calls" : "end";
  }
}
