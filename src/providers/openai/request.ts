import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPartText,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions/completions";
import type { Complaint } from "../failure.ts";
import { openProof } from "../proof.ts";
import type { AssistantMessage, Message, ProviderRequest, ToolCall } from "../provider.ts";
import type { Repair } from "../repairs.ts";
import type { ProviderTarget } from "../target.ts";
import { toArgumentsObject } from "../tool-calls.ts";

export type Body = ChatCompletionCreateParamsStreaming;

/** The request in the words of Chat Completions, with what compatible servers need besides. */
export function toBody(
  request: ProviderRequest,
  target: Pick<ProviderTarget, "name" | "takesCacheMarks">,
): Body {
  const { model, system, tools, maxTokens, temperature } = request;
  const messages = request.messages.flatMap((message) => toMessages(message, target.name));
  if (system !== "") messages.unshift({ role: "system", content: system });
  if (target.takesCacheMarks === true && model.includes("claude")) markEnds(messages);
  // OpenAI's newer models refuse the old name, and few other servers know the new one.
  const limit = target.name === "openai" ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens };
  const body: Body = {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...limit,
  };
  if (tools.length > 0) {
    body.tools = tools.map(({ name, description, input }) => ({
      type: "function",
      function: { name, description, parameters: { ...input } },
    }));
    if (request.toolChoice === "none") body.tool_choice = "none";
  }
  if (temperature !== undefined && takesTemperature(model)) body.temperature = temperature;
  return body;
}

/** What to change about a request that was refused for `complaint`. */
export function findRepair(complaint: Complaint): Repair<Body> | undefined {
  const said = complaint.message;
  if (/max_completion_tokens/.test(said) || /max_tokens.*(not supported|unsupported)/i.test(said)) {
    return renameTokenLimit;
  }
  if (/\btemperature\b/.test(said)) return withoutTemperature;
  if (/\bstream_options\b/.test(said)) return withoutStreamOptions;
  if (/\btool_choice\b/.test(said)) return withoutToolChoice;
  if (/\breasoning_content\b/.test(said)) return withoutReasoning;
  return undefined;
}

/** To whichever of the two names it has not; no server refuses both. */
function renameTokenLimit(body: Body): Body {
  const { max_tokens: old, max_completion_tokens: current, ...rest } = body;
  return typeof old === "number"
    ? { ...rest, max_completion_tokens: old }
    : { ...rest, max_tokens: current ?? null };
}

function withoutTemperature(body: Body): Body {
  if (body.temperature === undefined) return body;
  const { temperature: _, ...rest } = body;
  return rest;
}

function withoutStreamOptions(body: Body): Body {
  if (body.stream_options === undefined) return body;
  const { stream_options: _, ...rest } = body;
  return rest;
}

/** Calls that come nevertheless are not obeyed. */
function withoutToolChoice(body: Body): Body {
  if (body.tool_choice === undefined) return body;
  const { tool_choice: _, ...rest } = body;
  return rest;
}

function withoutReasoning(body: Body): Body {
  if (!body.messages.some((message) => "reasoning_content" in message)) return body;
  return {
    ...body,
    messages: body.messages.map((message) => {
      if (!("reasoning_content" in message)) return message;
      const { reasoning_content: _, ...rest } = message;
      return rest;
    }),
  };
}

/** OpenAI's reasoning models, and Claude since 4.7 behind a gateway, take none; `findRepair` knows the rest. */
function takesTemperature(model: string): boolean {
  return !/(^|\/)(o\d|gpt-([5-9]|\d\d))/.test(model);
}

function toMessages(message: Message, provider: string): ChatCompletionMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.content.map((part) => part.text).join("\n") }];
    case "assistant":
      return toAssistant(message, provider);
    case "tool":
      return [{ role: "tool", tool_call_id: message.callId, content: message.content }];
    default:
      return message satisfies never;
  }
}

/** What thinking models of compatible servers want to see again when they called tools. */
type AssistantWithReasoning = ChatCompletionAssistantMessageParam & { reasoning_content?: string };

function toAssistant(message: AssistantMessage, provider: string): AssistantWithReasoning[] {
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call" ? [toToolCall(part, provider)] : [],
  );
  if (text === "" && calls.length === 0) return [];
  const reasoning = message.content.map((part) => toReasoning(part, provider)).join("");
  return [
    {
      role: "assistant",
      content: text === "" ? null : text,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    },
  ];
}

function toReasoning(part: AssistantMessage["content"][number], provider: string): string {
  if (part.type !== "thinking") return "";
  return openProof(provider, part.signature)?.kind === "reasoning_content" ? part.text : "";
}

type ToolCallWithExtra = ChatCompletionMessageFunctionToolCall & { extra_content?: unknown };

function toToolCall(call: ToolCall, provider: string): ToolCallWithExtra {
  const extra = openProof(provider, call.signature);
  const isObject = Object.keys(toArgumentsObject(call.arguments)).length > 0;
  return {
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: isObject ? call.arguments : "{}" },
    ...(extra?.kind === "extra_content" ? { extra_content: JSON.parse(extra.value) } : {}),
  };
}

type MarkedText = ChatCompletionContentPartText & { cache_control?: { type: "ephemeral" } };

/** Gateways hand these marks on to Anthropic, whose cache holds nothing that was not marked. */
function markEnds(messages: ChatCompletionMessageParam[]): void {
  const system = messages.findIndex((message) => message.role === "system");
  const ends = messages.flatMap((message, index) => (message.role === "assistant" ? [] : [index])).slice(-2);
  for (const index of new Set([system, ...ends])) {
    const message = messages[index];
    if (message === undefined || typeof message.content !== "string" || message.content === "") continue;
    const part: MarkedText = { type: "text", text: message.content, cache_control: { type: "ephemeral" } };
    if (message.role === "system" || message.role === "user" || message.role === "tool")
      message.content = [part];
  }
}
