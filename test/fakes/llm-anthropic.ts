import type { Message, RawMessageStreamEvent } from "@anthropic-ai/sdk/resources/messages/messages";
import { toCallText, toPieces, type Turn } from "./llm-turn.ts";

/** The events of one streamed message, as Anthropic sends them. `n` makes its ids unique. */
export function toAnthropicEvents(turn: Turn, model: string, n: number): object[] {
  const events: object[] = [
    { type: "message_start", message: { ...emptyMessage(model, n), usage: toUsage(turn, 1) } },
  ];
  const size = turn.deltaSize ?? 12;
  let index = 0;
  if (turn.thinking !== undefined) {
    addBlock({ type: "thinking", thinking: "", signature: "" }, [
      ...toPieces(turn.thinking, size).map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature: `signed-${n}` },
    ]);
  }
  if (turn.text !== undefined) {
    addBlock(
      { type: "text", text: "", citations: null },
      toPieces(turn.text, size).map((text) => ({ type: "text_delta", text })),
    );
  }
  for (const [at, call] of (turn.calls ?? []).entries()) {
    const id = call.id ?? `toolu_${n}_${at + 1}`;
    const pieces = toPieces(toCallText(call), size);
    addBlock(
      { type: "tool_use", id, name: call.name, input: {}, caller: { type: "direct" } },
      ["", ...pieces].map((partial_json) => ({ type: "input_json_delta", partial_json })),
    );
  }
  events.push(
    {
      type: "message_delta",
      delta: { stop_reason: toStopReason(turn), stop_sequence: null, stop_details: null, container: null },
      usage: toUsage(turn),
    },
    { type: "message_stop" },
  );
  return events;

  function addBlock(block: object, deltas: readonly object[]): void {
    events.push({ type: "content_block_start", index, content_block: block });
    for (const delta of deltas) events.push({ type: "content_block_delta", index, delta });
    events.push({ type: "content_block_stop", index });
    index++;
  }
}

/** The same as one message. */
export function toAnthropicMessage(turn: Turn, model: string, n: number): object {
  return {
    ...emptyMessage(model, n),
    content: [
      ...(turn.thinking === undefined
        ? []
        : [{ type: "thinking", thinking: turn.thinking, signature: `signed-${n}` }]),
      ...(turn.text === undefined ? [] : [{ type: "text", text: turn.text, citations: null }]),
      ...(turn.calls ?? []).map((call, at) => ({
        type: "tool_use",
        id: call.id ?? `toolu_${n}_${at + 1}`,
        name: call.name,
        input: JSON.parse(toCallText(call)),
        caller: { type: "direct" },
      })),
    ],
    stop_reason: toStopReason(turn),
    usage: toUsage(turn),
  };
}

export function toAnthropicError(code: string, message: string): object {
  return { type: "error", error: { type: code, message }, request_id: "req_fake" };
}

export type AnthropicEventType = RawMessageStreamEvent["type"];

function emptyMessage(model: string, n: number): Omit<Message, "usage"> {
  return {
    id: `msg_${n}`,
    type: "message",
    role: "assistant",
    model,
    content: [],
    container: null,
    diagnostics: null,
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
  };
}

function toUsage(turn: Turn, output?: number): object | undefined {
  if (turn.usage === null) return undefined;
  const { usage } = turn;
  return {
    input_tokens: usage?.input ?? 10,
    output_tokens: output ?? usage?.output ?? 5,
    cache_read_input_tokens: usage?.cacheRead ?? 0,
    cache_creation_input_tokens: usage?.cacheWrite ?? 0,
  };
}

function toStopReason(turn: Turn): string {
  if (turn.stop === "length") return "max_tokens";
  if (turn.stop === "refused") return "refusal";
  return (turn.calls ?? []).length > 0 ? "tool_use" : "end_turn";
}
