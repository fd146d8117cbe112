import { AppError } from "../errors.ts";
import { toBlock } from "../fence.ts";
import {
  addUsage,
  toText,
  type Message,
  type Provider,
  type ProviderEvent,
  type ProviderRequest,
  type Usage,
  type UserMessage,
} from "../providers/provider.ts";
import { promptWords } from "../words/english/prompt.ts";
import { fenceResults } from "./fence-results.ts";
import compactPrompt from "./prompts/compact.md" with { type: "text" };
import { toTurnError } from "./turn-error.ts";

export interface SummaryRequest extends Omit<ProviderRequest, "messages"> {
  readonly provider: Provider;
  /** A well-formed transcript: what the summary will stand for. */
  readonly messages: readonly Message[];
  /** What the person wants kept above all; may be empty. */
  readonly keep: string;
}

export interface Summary {
  readonly text: string;
  readonly usage: Usage;
}

/** Of a tool result that did not fit into the summary's own request. */
const longestResult = 2000;

/**
 * Asks the model to sum up what was said. The request begins with the same bytes as a turn, so that the provider's
 * cache hits; one that is too long goes out once more with its tool results cut. Throws `AppError`; `too-long` when that does not help.
 */
export async function summarise(request: SummaryRequest, signal: AbortSignal): Promise<Summary> {
  const whole = await ask(request, request.messages, signal);
  if (whole.type !== "error" || whole.error.class !== "too-long") return toSummary(whole, signal);
  const shorter = await ask(request, request.messages.map(shorten), signal);
  const { text, usage } = toSummary(shorter, signal);
  return { text, usage: addUsage(whole.usage, usage) };
}

/** What the model is shown in the place of all that was summed up. */
export function createSummaryMessage(text: string): UserMessage {
  const note = "The conversation up to here was shortened. This is your own summary of it:";
  return { role: "user", content: [{ type: "text", text: `${note}\n${toBlock("summary", text)}` }] };
}

type LastEvent = Extract<ProviderEvent, { type: "stop" | "error" | "aborted" }>;

async function ask(
  { provider, messages: _, keep, ...request }: SummaryRequest,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<LastEvent> {
  const wish = keep === "" ? "" : `\n\nThe person asks to keep above all: ${keep}`;
  const question: Message = { role: "user", content: [{ type: "text", text: compactPrompt.trim() + wish }] };
  const whole = { ...request, messages: [...fenceResults(messages), question], toolChoice: "none" } as const;
  for await (const event of provider.stream(whole, signal)) {
    if (event.type === "stop" || event.type === "error" || event.type === "aborted") return event;
  }
  throw new Error(`The provider ${provider.name} ended a stream without a last event`);
}

function toSummary(event: LastEvent, signal: AbortSignal): Summary {
  if (event.type === "aborted") {
    signal.throwIfAborted();
    throw new AppError("cancelled", "The summary was cancelled.");
  }
  if (event.type === "error") {
    const { message, hint } = toTurnError(event.error);
    const code = event.error.class === "too-long" ? "too-long" : "provider-failed";
    throw new AppError(code, message, hint === undefined ? {} : { hint });
  }
  const text = toText(event.message).trim();
  if (event.reason === "end" && text !== "") return { text, usage: event.usage };
  throw new AppError("provider-failed", promptWords.summaryIncomplete({ reason: event.reason }));
}

function shorten(message: Message): Message {
  if (message.role !== "tool" || message.content.length <= longestResult) return message;
  const left = message.content.length - longestResult;
  return { ...message, content: `${message.content.slice(0, longestResult)}\n[${left} characters left out]` };
}
