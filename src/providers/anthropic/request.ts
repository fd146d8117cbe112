import type {
  ContentBlockParam,
  ImageBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  ToolResultBlockParam,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { ImagePart } from "../../image.ts";
import { hideImages } from "../images.ts";
import { openProof } from "../proof.ts";
import type {
  AssistantMessage,
  Message,
  ProviderRequest,
  ThinkingPart,
  ToolResultMessage,
} from "../provider.ts";
import type { ProviderTarget } from "../target.ts";
import { withRoomToThink } from "../thinking.ts";
import { toArgumentsObject } from "../tool-calls.ts";
import { toThinking } from "./thinking.ts";

/** The vendor's type no longer has the temperature, which only models up to 4.6 and those of others take. */
export type Body = MessageCreateParamsStreaming & { temperature?: number };

const mark = { type: "ephemeral" } as const;

/** The request in the words of the Messages API, marked so that the next one finds all of it in the cache. */
export function toBody(request: ProviderRequest, target: Pick<ProviderTarget, "name" | "isBlind">): Body {
  const { model, system, tools, maxTokens, temperature, thinking } = request;
  const history = target.isBlind === true ? hideImages(request.messages) : request.messages;
  const body: Body = {
    model,
    max_tokens: withRoomToThink(maxTokens, thinking),
    stream: true,
    messages: markEnds(toMessages(history, target.name)),
    ...toThinking(model, thinking),
  };
  if (system !== "") body.system = [{ type: "text", text: system, cache_control: mark }];
  if (tools.length > 0) {
    body.tools = tools.map((tool, index) => ({
      name: tool.name,
      description: tool.description,
      input_schema: { ...tool.input, type: "object" },
      ...(index === tools.length - 1 ? { cache_control: mark } : {}),
    }));
    if (request.toolChoice === "none") body.tool_choice = { type: "none" };
  }
  // While it thinks, a model takes no temperature but its own.
  const isThinking = thinking !== undefined && thinking !== "off";
  if (temperature !== undefined && !isThinking && takesTemperature(model)) body.temperature = temperature;
  return body;
}

/** Claude takes none since 4.7; `findRepair` knows the rest. */
function takesTemperature(model: string): boolean {
  return !model.includes("claude") || /claude-(3|[a-z]+-4(-[0-6])?(-\d{8})?$)/.test(model);
}

/** Neighbours of one role become one message: the results of parallel calls must stand together. */
function toMessages(messages: readonly Message[], provider: string): MessageParam[] {
  const merged: { role: "user" | "assistant"; content: ContentBlockParam[] }[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = toBlocks(message, provider);
    const last = merged.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) merged.push({ role, content });
  }
  return merged;
}

function toBlocks(message: Message, provider: string): ContentBlockParam[] {
  switch (message.role) {
    case "user":
      return message.content.flatMap((part) =>
        part.type === "image" ? [toImageBlock(part)] : toTextBlock(part.text),
      );
    case "assistant":
      return message.content.flatMap((part) => toAnswerBlock(part, provider));
    case "tool":
      return [toResultBlock(message)];
    default:
      return message satisfies never;
  }
}

function toImageBlock({ mediaType, data }: ImagePart): ImageBlockParam {
  return { type: "image", source: { type: "base64", media_type: mediaType, data } };
}

/** The API refuses text that is empty or blank. */
function toTextBlock(text: string): ContentBlockParam[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function toAnswerBlock(part: AssistantMessage["content"][number], provider: string): ContentBlockParam[] {
  switch (part.type) {
    case "text":
      return toTextBlock(part.text);
    case "thinking":
      return toThinkingBlock(part, provider);
    case "tool-call":
      return [
        { type: "tool_use", id: toId(part.id), name: part.name, input: toArgumentsObject(part.arguments) },
      ];
    default:
      return part satisfies never;
  }
}

function toThinkingBlock(part: ThinkingPart, provider: string): ContentBlockParam[] {
  const proof = openProof(provider, part.signature);
  switch (proof?.kind) {
    case "thinking":
      return [{ type: "thinking", thinking: part.text, signature: proof.value }];
    case "redacted":
      return [{ type: "redacted_thinking", data: proof.value }];
    default:
      return [];
  }
}

function toResultBlock(message: ToolResultMessage): ToolResultBlockParam {
  const { content, images = [] } = message;
  const text = { type: "text", text: content } as const;
  return {
    type: "tool_result",
    tool_use_id: toId(message.callId),
    content: images.length === 0 ? content : [...(content === "" ? [] : [text]), ...images.map(toImageBlock)],
    is_error: message.isError,
  };
}

/** Other wires make ids like `functions.read_file:0`, which this one refuses. */
function toId(id: string): string {
  return id.replace(/[^\w-]/g, "_");
}

/**
 * Marks the last message and the user message before it. The second mark is where the request before this one ended, so
 * that its cache entry is found however many results came since: the server looks back only twenty blocks.
 */
function markEnds(messages: MessageParam[]): MessageParam[] {
  const ends = messages.flatMap((message, index) => (message.role === "user" ? [index] : [])).slice(-2);
  for (const index of ends) {
    const content = messages[index]?.content;
    const last = Array.isArray(content) ? content.at(-1) : undefined;
    if (last?.type === "text" || last?.type === "tool_result") last.cache_control = mark;
  }
  return messages;
}
