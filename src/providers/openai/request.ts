import type {
  ChatCompletionAssistantMessageParam,
  ChatCompletionContentPart,
  ChatCompletionContentPartText,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageFunctionToolCall,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions/completions";
import type { ImagePart } from "../../image.ts";
import { hideImages } from "../images.ts";
import { openProof } from "../proof.ts";
import type { AssistantMessage, Message, ProviderRequest, ToolCall, UserMessage } from "../provider.ts";
import type { ProviderTarget } from "../target.ts";
import { withRoomToThink } from "../thinking.ts";
import { toArgumentsObject } from "../tool-calls.ts";
import { type ReasoningFields, toReasoning } from "./reasoning.ts";
import { type ThinkingFields, toThinking } from "./thinking.ts";

export type Body = ChatCompletionCreateParamsStreaming & ThinkingFields;

/** What of the server a request depends on. */
type Server = Pick<ProviderTarget, "name" | "takesCacheMarks" | "thinkingStyle" | "isBlind">;

/** The request in the words of Chat Completions, with what compatible servers need besides. */
export function toBody(request: ProviderRequest, target: Server): Body {
  const { model, system, tools, thinking, temperature } = request;
  const messages = toMessages(
    target.isBlind === true ? hideImages(request.messages) : request.messages,
    target,
  );
  if (system !== "") messages.unshift({ role: "system", content: system });
  if (target.takesCacheMarks === true && model.includes("claude")) markEnds(messages);
  // OpenAI's newer models refuse the old name, and few other servers know the new one.
  const maxTokens = withRoomToThink(request.maxTokens, thinking);
  const limit = target.name === "openai" ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens };
  const body: Body = {
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...limit,
    ...toThinking(thinking, target.thinkingStyle ?? "effort"),
  };
  // Sends what begins alike to the machine that has seen it.
  if (target.name === "openai") body.prompt_cache_key = `nanoclaw-${Bun.hash(system).toString(36)}`;
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

/** OpenAI's reasoning models, and Claude since 4.7 behind a gateway, take none; `findRepair` knows the rest. */
function takesTemperature(model: string): boolean {
  return !/(^|\/)(o\d|gpt-([5-9]|\d\d))/.test(model);
}

/** A result holds no picture on this wire: those of the calls of one answer follow behind all their results. */
function toMessages(messages: readonly Message[], target: Server): ChatCompletionMessageParam[] {
  const sent: ChatCompletionMessageParam[] = [];
  let shown: ChatCompletionContentPart[] = [];
  function showImages(): void {
    if (shown.length > 0) sent.push({ role: "user", content: shown });
    shown = [];
  }
  for (const message of messages) {
    if (message.role !== "tool") showImages();
    switch (message.role) {
      case "user":
        sent.push({ role: "user", content: toContent(message) });
        break;
      case "assistant":
        sent.push(...toAssistant(message, target));
        break;
      case "tool":
        sent.push({ role: "tool", tool_call_id: message.callId, content: message.content });
        for (const image of message.images ?? []) {
          shown.push({ type: "text", text: `The picture that ${message.name} shows:` }, toImage(image));
        }
        break;
      default:
        message satisfies never;
    }
  }
  showImages();
  return sent;
}

function toContent({ content }: UserMessage): string | ChatCompletionContentPart[] {
  const texts = content.flatMap((part) => (part.type === "text" ? [part.text] : []));
  if (texts.length === content.length) return texts.join("\n");
  return content.map((part) => (part.type === "image" ? toImage(part) : part));
}

function toImage({ mediaType, data }: ImagePart): ChatCompletionContentPart {
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` } };
}

/** What thinking models of compatible servers want to see again. */
type AssistantWithReasoning = ChatCompletionAssistantMessageParam & ReasoningFields;

function toAssistant(message: AssistantMessage, target: Server): AssistantWithReasoning[] {
  const text = message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = message.content.flatMap((part) =>
    part.type === "tool-call" ? [toToolCall(part, target.name)] : [],
  );
  if (text === "" && calls.length === 0) return [];
  return [
    {
      role: "assistant",
      content: text === "" ? null : text,
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...toReasoning(message, target),
    },
  ];
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

type Marked = { cache_control?: { type: "ephemeral" } };
type MarkedText = ChatCompletionContentPartText & Marked;
type MarkedPart = ChatCompletionContentPart & Marked;

/** Gateways hand these marks on to Anthropic, whose cache holds nothing that was not marked. */
function markEnds(messages: ChatCompletionMessageParam[]): void {
  const system = messages.findIndex((message) => message.role === "system");
  const ends = messages.flatMap((message, index) => (message.role === "assistant" ? [] : [index])).slice(-2);
  for (const index of new Set([system, ...ends])) {
    const message = messages[index];
    if (message === undefined || message.role === "assistant") continue;
    if (message.role === "user" && Array.isArray(message.content)) {
      const last: MarkedPart | undefined = message.content.at(-1);
      if (last !== undefined) last.cache_control = cacheMark;
      continue;
    }
    if (typeof message.content !== "string" || message.content === "") continue;
    const part: MarkedText = { type: "text", text: message.content, cache_control: cacheMark };
    if (message.role === "system" || message.role === "user" || message.role === "tool")
      message.content = [part];
  }
}

const cacheMark = { type: "ephemeral" } as const;
