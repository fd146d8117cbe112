import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  ToolResultBlockParam,
} from "@anthropic-ai/sdk/resources/messages/messages";
import type { Complaint } from "../failure.ts";
import { openProof } from "../proof.ts";
import type {
  AssistantMessage,
  Message,
  ProviderRequest,
  ThinkingPart,
  ToolResultMessage,
} from "../provider.ts";
import type { Repair } from "../repairs.ts";
import { toArgumentsObject } from "../tool-calls.ts";

/** The vendor's type no longer has the temperature, which only models up to 4.6 and those of others take. */
export type Body = MessageCreateParamsStreaming & { temperature?: number };

const mark = { type: "ephemeral" } as const;

/** The request in the words of the Messages API, marked so that the next one finds all of it in the cache. */
export function toBody(request: ProviderRequest, provider: string): Body {
  const { model, system, tools, maxTokens, temperature } = request;
  const body: Body = {
    model,
    max_tokens: maxTokens,
    stream: true,
    messages: markEnds(toMessages(request.messages, provider)),
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
  if (temperature !== undefined && takesTemperature(model)) body.temperature = temperature;
  return body;
}

/** What to change about a request that was refused for `complaint`. */
export function findRepair(complaint: Complaint): Repair<Body> | undefined {
  const said = complaint.message;
  const most = /max_tokens: \d+ > (\d+)/.exec(said)?.[1];
  if (most !== undefined) return (body) => withTokenLimit(body, Number(most));
  if (/\btemperature\b/.test(said)) return withoutTemperature;
  return undefined;
}

function withTokenLimit(body: Body, most: number): Body {
  return body.max_tokens <= most ? body : { ...body, max_tokens: most };
}

function withoutTemperature(body: Body): Body {
  if (body.temperature === undefined) return body;
  const { temperature: _, ...rest } = body;
  return rest;
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
      return message.content.flatMap((part) => toTextBlock(part.text));
    case "assistant":
      return message.content.flatMap((part) => toAnswerBlock(part, provider));
    case "tool":
      return [toResultBlock(message)];
    default:
      return message satisfies never;
  }
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
  return {
    type: "tool_result",
    tool_use_id: toId(message.callId),
    content: message.content,
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
