import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import { toLoose, toText, toTokens, type Loose } from "../loose.ts";
import { sealProof } from "../proof.ts";
import { noUsage, type AssistantMessage, type Message, type StopReason, type Usage } from "../provider.ts";
import { createCallIds } from "../tool-calls.ts";

type Part = AssistantMessage["content"][number];

export type SdkStep =
  | { readonly type: "text-delta" | "thinking-delta"; readonly text: string }
  | { readonly type: "failure"; readonly error: unknown };

/** Reads the parts of one stream, in their order. */
export interface SdkReader {
  read(value: unknown): SdkStep | undefined;
  /** The answer, once its last part has come. */
  finish(): { readonly reason: StopReason; readonly message: AssistantMessage } | undefined;
  usage(): Usage;
}

type Block =
  | { readonly type: "text"; text: string }
  | { readonly type: "thinking"; text: string; metadata: object }
  | {
      readonly type: "tool";
      readonly id: string;
      readonly name: string;
      readonly input: string;
      readonly metadata: object | undefined;
    };

/** Versions 2 and 3 of the specification gave fewer details of the usage and of the end. */
interface OldUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
}

export function createSdkReader(history: readonly Message[], provider: string): SdkReader {
  const blocks = new Map<string, Block>();
  const newCallId = createCallIds(history);
  let finishReason = "";
  let usage = noUsage;

  return {
    read(value) {
      const part = toLoose<LanguageModelV4StreamPart>(value);
      switch (part?.type) {
        case "text-start":
        case "text-delta": {
          const block = open(`text ${toText(part.id)}`, { type: "text", text: "" });
          const text = toText(part.delta);
          if (block.type === "text") block.text += text;
          return text === "" ? undefined : { type: "text-delta", text };
        }
        case "reasoning-start":
        case "reasoning-delta":
        case "reasoning-end": {
          const block = open(`thinking ${toText(part.id)}`, { type: "thinking", text: "", metadata: {} });
          const text = toText(part.delta);
          if (block.type === "thinking") {
            block.text += text;
            block.metadata = mergeMetadata(block.metadata, part.providerMetadata);
          }
          return text === "" ? undefined : { type: "thinking-delta", text };
        }
        case "tool-call": {
          // Tools of the vendor's own run over there.
          if (part.providerExecuted === true) return undefined;
          const { toolCallId, toolName, input, providerMetadata } = part;
          open(`tool ${blocks.size}`, {
            type: "tool",
            id: toText(toolCallId),
            name: toText(toolName),
            input: toText(input) || JSON.stringify(input ?? {}),
            metadata: providerMetadata ?? undefined,
          });
          return undefined;
        }
        case "finish":
          usage = toUsage(part.usage);
          finishReason = toFinishReason(part.finishReason);
          return undefined;
        case "error":
          return { type: "failure", error: part.error };
        default:
          return undefined;
      }
    },
    finish() {
      const reason = toStopReason(finishReason, [...blocks.values()]);
      if (reason === undefined) return undefined;
      const kept = [...blocks.values()].filter((block) => block.type !== "tool" || reason === "tool-calls");
      return { reason, message: { role: "assistant", content: kept.flatMap(toPart) } };
    },
    usage: () => usage,
  };

  function open(key: string, fresh: Block): Block {
    const block = blocks.get(key) ?? fresh;
    blocks.set(key, block);
    return block;
  }

  function toPart(block: Block): Part[] {
    switch (block.type) {
      case "text":
        return block.text === "" ? [] : [{ type: "text", text: block.text }];
      case "thinking": {
        const proof = { kind: "metadata", value: JSON.stringify(block.metadata) };
        return [{ type: "thinking", text: block.text, signature: sealProof(provider, proof) }];
      }
      case "tool": {
        const call = {
          type: "tool-call",
          id: newCallId(block.id),
          name: block.name,
          arguments: block.input,
        } as const;
        if (block.metadata === undefined) return [call];
        const proof = { kind: "metadata", value: JSON.stringify(block.metadata) };
        return [{ ...call, signature: sealProof(provider, proof) }];
      }
      default:
        return block satisfies never;
    }
  }
}

/** By provider, then by field: a signature comes behind the text that it signs. */
function mergeMetadata(before: object, more: unknown): object {
  const added = toLoose<Record<string, object>>(more) ?? {};
  const merged: Record<string, object> = { ...before };
  for (const [maker, fields] of Object.entries(added)) {
    if (typeof fields === "object" && fields !== null) merged[maker] = { ...merged[maker], ...fields };
  }
  return merged;
}

function toUsage(value: unknown): Usage {
  const input: unknown = toLoose<LanguageModelV4Usage>(value)?.inputTokens;
  if (typeof input !== "object" || input === null) return toOldUsage(toLoose<OldUsage>(value));
  const { inputTokens, outputTokens } = toLoose<LanguageModelV4Usage>(value) ?? {};
  const cacheReadTokens = toTokens(inputTokens?.cacheRead) ?? 0;
  const cacheWriteTokens = toTokens(inputTokens?.cacheWrite) ?? 0;
  const total = toTokens(inputTokens?.total) ?? 0;
  return {
    inputTokens: toTokens(inputTokens?.noCache) ?? Math.max(0, total - cacheReadTokens - cacheWriteTokens),
    outputTokens: toTokens(outputTokens?.total) ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
  };
}

function toOldUsage(value: Loose<OldUsage> | undefined): Usage {
  const total = toTokens(value?.inputTokens) ?? 0;
  const cacheReadTokens = Math.min(toTokens(value?.cachedInputTokens) ?? 0, total);
  return {
    ...noUsage,
    inputTokens: total - cacheReadTokens,
    outputTokens: toTokens(value?.outputTokens) ?? 0,
    cacheReadTokens,
  };
}

/** `other` without a word of the server means that it never came to an end. */
function toFinishReason(value: unknown): string {
  if (typeof value === "string") return value;
  const reason = toLoose<{ unified: string; raw: string }>(value);
  const unified = toText(reason?.unified);
  return unified === "other" && toText(reason?.raw) === "" ? "unknown" : unified;
}

function toStopReason(reason: string, blocks: readonly Block[]): StopReason | undefined {
  switch (reason) {
    case "":
    case "unknown":
    case "error":
    case "interrupted":
      return undefined;
    case "length":
      return "length";
    case "content-filter":
      return "refused";
    default:
      return blocks.some((block) => block.type === "tool") ? "tool-calls" : "end";
  }
}
