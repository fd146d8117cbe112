import type {
  Message as WireMessage,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages/messages";
import { toStreamComplaint } from "../complaint.ts";
import type { AnswerReader, AnswerStep } from "../exchange.ts";
import { toList, toLoose, toText, toTokens, type Loose } from "../loose.ts";
import { sealProof } from "../proof.ts";
import { noUsage, type AssistantMessage, type Message, type StopReason, type Usage } from "../provider.ts";
import { createCallIds } from "../tool-calls.ts";

type Part = AssistantMessage["content"][number];

type Block =
  | { readonly type: "text"; text: string }
  | { readonly type: "thinking"; text: string; signature: string }
  | { readonly type: "redacted"; readonly data: string }
  | {
      readonly type: "tool";
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      json: string;
    };

/** Reads the events of one streamed message, or one message as a whole. */
export function createAnswerReader(history: readonly Message[], provider: string): AnswerReader {
  const blocks = new Map<unknown, Block>();
  const newCallId = createCallIds(history);
  let stopReason: string | undefined;
  let hasStopped = false;
  let usage = noUsage;

  return {
    read(value) {
      const event = toLoose<RawMessageStreamEvent | WireMessage | { type: "error" | "ping" }>(value);
      switch (event?.type) {
        case "message_start":
          usage = readUsage(event.message?.usage, usage);
          return [];
        case "content_block_start":
          return startBlock(event.index, event.content_block);
        case "content_block_delta":
          return extendBlock(event.index, event.delta);
        case "message_delta":
          usage = readUsage(event.usage, usage);
          stopReason = toText(event.delta?.stop_reason) || stopReason;
          return [];
        case "message_stop":
          hasStopped = true;
          return [];
        case "message":
          usage = readUsage(event.usage, usage);
          stopReason = toText(event.stop_reason);
          hasStopped = true;
          return toList(event.content).flatMap((block, index) =>
            startBlock(index, toLoose<ContentBlock>(block)),
          );
        default:
          return readComplaint(value);
      }
    },
    isComplete: () => hasStopped,
    finish() {
      if (!hasStopped && stopReason === undefined) return undefined;
      const reason = toStopReason(stopReason, [...blocks.values()]);
      const kept = [...blocks.values()].filter((block) => block.type !== "tool" || reason === "tool-calls");
      return { reason, message: { role: "assistant", content: kept.flatMap(toPart) } };
    },
    usage: () => usage,
  };

  function startBlock(index: unknown, block: Loose<ContentBlock> | null | undefined): AnswerStep[] {
    switch (block?.type) {
      case "text":
        blocks.set(index, { type: "text", text: toText(block.text) });
        return toDelta("text-delta", block.text);
      case "thinking":
        blocks.set(index, {
          type: "thinking",
          text: toText(block.thinking),
          signature: toText(block.signature),
        });
        return toDelta("thinking-delta", block.thinking);
      case "redacted_thinking":
        blocks.set(index, { type: "redacted", data: toText(block.data) });
        return [];
      case "tool_use": {
        const { id, name, input } = block;
        blocks.set(index, { type: "tool", id: toText(id), name: toText(name), input, json: "" });
        return [];
      }
      default:
        return [];
    }
  }

  function extendBlock(index: unknown, delta: Loose<Delta> | null | undefined): AnswerStep[] {
    const block = blocks.get(index);
    switch (delta?.type) {
      case "text_delta":
        if (block?.type !== "text") return [];
        block.text += toText(delta.text);
        return toDelta("text-delta", delta.text);
      case "thinking_delta":
        if (block?.type !== "thinking") return [];
        block.text += toText(delta.thinking);
        return toDelta("thinking-delta", delta.thinking);
      case "signature_delta":
        if (block?.type === "thinking") block.signature += toText(delta.signature);
        return [];
      case "input_json_delta":
        if (block?.type === "tool") block.json += toText(delta.partial_json);
        return [];
      default:
        return [];
    }
  }

  function toPart(block: Block): Part[] {
    switch (block.type) {
      case "text":
        return block.text === "" ? [] : [{ type: "text", text: block.text }];
      case "thinking": {
        const signature = sealProof(provider, { kind: "thinking", value: block.signature });
        return [{ type: "thinking", text: block.text, signature }];
      }
      case "redacted": {
        const signature = sealProof(provider, { kind: "redacted", value: block.data });
        return [{ type: "thinking", text: "", signature }];
      }
      case "tool": {
        const json = block.json.trim() === "" ? JSON.stringify(block.input ?? {}) : block.json;
        return [{ type: "tool-call", id: newCallId(block.id), name: block.name, arguments: json }];
      }
      default:
        return block satisfies never;
    }
  }
}

type ContentBlock = WireMessage["content"][number];
type Delta = Extract<RawMessageStreamEvent, { type: "content_block_delta" }>["delta"];

function toDelta(type: "text-delta" | "thinking-delta", text: unknown): AnswerStep[] {
  return toText(text) === "" ? [] : [{ type, text: toText(text) }];
}

function readComplaint(value: unknown): AnswerStep[] {
  const complaint = toStreamComplaint(value);
  return complaint === undefined ? [] : [{ type: "complaint", complaint }];
}

/** The counts are totals, and a later event may leave out what an earlier one said. */
function readUsage(value: Loose<WireMessage["usage"]> | null | undefined, before: Usage): Usage {
  return {
    inputTokens: toTokens(value?.input_tokens) ?? before.inputTokens,
    outputTokens: toTokens(value?.output_tokens) ?? before.outputTokens,
    cacheReadTokens: toTokens(value?.cache_read_input_tokens) ?? before.cacheReadTokens,
    cacheWriteTokens: toTokens(value?.cache_creation_input_tokens) ?? before.cacheWriteTokens,
  };
}

function toStopReason(reason: string | undefined, blocks: readonly Block[]): StopReason {
  switch (reason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "refused";
    default:
      return blocks.some((block) => block.type === "tool") ? "tool-calls" : "end";
  }
}
