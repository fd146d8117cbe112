import type { ImagePart } from "../image.ts";
import type { Words } from "../words/define-words.ts";
import type { Thinking } from "./thinking.ts";

/** The port to a language model. One implementation per wire; the registry picks by configuration. */
export interface Provider {
  readonly name: string;
  /**
   * Streams one answer. Never throws for anything the model, the network or `signal` does: the last event is
   * always `stop`, `error` or `aborted`. A tool call appears only in the `stop` event, whole.
   */
  stream(request: ProviderRequest, signal: AbortSignal): AsyncIterable<ProviderEvent>;
}

export interface ProviderRequest {
  readonly model: string;
  /** The stable prefix: the same bytes from turn to turn, so that the provider's cache hits. */
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** `none`: they are described, because the messages speak of them, and may not be called. */
  readonly toolChoice?: "none";
  readonly maxTokens: number;
  readonly temperature?: number;
  /** The model's own way without it. */
  readonly thinking?: Thinking;
}

/** What the model is told of a tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
}

/** The part of JSON Schema that tools use; see `tools/validate.ts` for what is checked. */
export type JsonSchema = { readonly [keyword: string]: unknown };

export type Message = UserMessage | AssistantMessage | ToolResultMessage;

export interface UserMessage {
  readonly role: "user";
  readonly content: readonly (TextPart | ImagePart)[];
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly content: readonly (TextPart | ThinkingPart | ToolCall)[];
}

export interface ToolResultMessage {
  readonly role: "tool";
  readonly callId: string;
  readonly name: string;
  readonly content: string;
  readonly images?: readonly ImagePart[];
  readonly isError: boolean;
  /** Content of others may be in it: the boundary of the fence that it is sent in, drawn once. */
  readonly boundary?: string;
}

export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

export interface ThinkingPart {
  readonly type: "thinking";
  readonly text: string;
  /** Opaque proof of the provider that made it; it must go back unchanged. */
  readonly signature?: string;
}

export interface ToolCall {
  readonly type: "tool-call";
  readonly id: string;
  readonly name: string;
  /** The raw JSON text that the model wrote, parsed and checked by the tool registry. */
  readonly arguments: string;
  /** Opaque proof of the provider that made it; it must go back unchanged. */
  readonly signature?: string;
}

export type ProviderEvent =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "thinking-delta"; readonly text: string }
  | {
      readonly type: "retry";
      readonly attempt: number;
      readonly waitMs: number;
      readonly reason: string;
    }
  | {
      readonly type: "stop";
      readonly reason: StopReason;
      readonly message: AssistantMessage;
      readonly usage: Usage;
    }
  | { readonly type: "error"; readonly error: ProviderError; readonly usage: Usage }
  | { readonly type: "aborted"; readonly usage: Usage };

/** `length`: the answer was cut at `maxTokens`; its tool calls are not to be trusted and are left out. */
export type StopReason = "end" | "tool-calls" | "length" | "refused";

export interface Usage {
  /** Tokens of the prompt that were neither read from nor written to a cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export const noUsage: Usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
};

/** `retry` may pass by itself; `auth`, `quota`, `refused`, `bad-request` and our own `budget` never do; `too-long` needs a shorter prompt. */
export type ProviderErrorClass =
  | "retry"
  | "auth"
  | "quota"
  | "too-long"
  | "refused"
  | "bad-request"
  | "budget";

export interface ProviderError {
  readonly class: ProviderErrorClass;
  /** For a person: names the provider and what it said. Never a key, never a URL with one. */
  readonly message: string;
  readonly hint?: string;
  /** Which sentence of the catalogue that is. */
  readonly words?: Words;
  readonly status?: number;
  /** What the provider asked for. */
  readonly retryAfterMs?: number;
  /** The connection ended in the middle of an answer that had begun. */
  readonly wasCut: boolean;
}

export function addUsage(left: Usage, right: Usage): Usage {
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    cacheReadTokens: left.cacheReadTokens + right.cacheReadTokens,
    cacheWriteTokens: left.cacheWriteTokens + right.cacheWriteTokens,
  };
}

/** The visible text of an answer. */
export function toText(message: AssistantMessage): string {
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
