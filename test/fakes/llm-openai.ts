import { toCallText, toPieces, type Turn, type TurnCall } from "./llm-turn.ts";

/** The chunks of one streamed completion, as OpenAI sends them; the last is the text `[DONE]`. */
export function toOpenAiChunks(turn: Turn, model: string, n: number): (object | string)[] {
  const size = turn.deltaSize ?? 12;
  const deltas: object[] = [{ role: "assistant", content: "", refusal: null }];
  for (const reasoning_content of toPieces(turn.thinking ?? "", size)) deltas.push({ reasoning_content });
  const field = turn.stop === "refused" ? "refusal" : "content";
  for (const text of toPieces(turn.text ?? "", size)) deltas.push({ [field]: text });
  for (const [at, call] of (turn.calls ?? []).entries()) deltas.push(...toCallDeltas(turn, call, at, n));
  const chunks: (object | string)[] = deltas.map((delta) =>
    toChunk(model, n, [{ index: 0, delta, finish_reason: null, logprobs: null }]),
  );
  const last = { index: 0, delta: {}, finish_reason: toFinishReason(turn), logprobs: null };
  chunks.push(toChunk(model, n, [last]));
  if (turn.usage !== null) chunks.push({ ...toChunk(model, n, []), usage: toUsage(turn) });
  chunks.push("[DONE]");
  return chunks;
}

/** The same as one completion. */
export function toOpenAiCompletion(turn: Turn, model: string, n: number): object {
  const calls = (turn.calls ?? []).map((call, at) => ({
    id: call.id ?? `call_${n}_${at + 1}`,
    type: "function",
    function: { name: call.name, arguments: toCallText(call) },
  }));
  const message = {
    role: "assistant",
    content: turn.text ?? null,
    refusal: null,
    ...(turn.thinking === undefined ? {} : { reasoning_content: turn.thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    id: `chatcmpl-${n}`,
    object: "chat.completion",
    created: 0,
    model,
    choices: [{ index: 0, message, finish_reason: toFinishReason(turn), logprobs: null }],
    ...(turn.usage === null ? {} : { usage: toUsage(turn) }),
  };
}

export function toOpenAiError(code: string, message: string): object {
  return { error: { message, type: code, param: null, code } };
}

function toCallDeltas(turn: Turn, call: TurnCall, at: number, n: number): object[] {
  const id = call.id ?? `call_${n}_${at + 1}`;
  const text = toCallText(call);
  const loose = turn.fault?.type === "loose-calls" ? turn.fault.as : undefined;
  const whole = { type: "function", function: { name: call.name, arguments: text } };
  switch (loose) {
    case "no-index":
      return [{ tool_calls: [{ id, ...whole }] }];
    case "no-id":
      return [{ tool_calls: [whole] }];
    case "same-index":
      return [{ tool_calls: [{ index: 0, id, ...whole }] }];
    case undefined:
      return [
        { tool_calls: [{ index: at, id, type: "function", function: { name: call.name, arguments: "" } }] },
        ...toPieces(text, turn.deltaSize ?? 12).map((piece) => ({
          tool_calls: [{ index: at, function: { arguments: piece } }],
        })),
      ];
    default:
      return loose satisfies never;
  }
}

function toChunk(model: string, n: number, choices: readonly object[]): object {
  return { id: `chatcmpl-${n}`, object: "chat.completion.chunk", created: 0, model, choices, usage: null };
}

function toUsage({ usage }: Turn): object {
  const prompt = usage?.input ?? 10;
  const completion = usage?.output ?? 5;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: Number(prompt) + Number(completion),
    prompt_tokens_details: {
      cached_tokens: usage?.cacheRead ?? 0,
      ...(usage?.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
    },
  };
}

function toFinishReason(turn: Turn): string {
  if (turn.stop === "length") return "length";
  if (turn.stop === "refused") return "stop";
  return (turn.calls ?? []).length > 0 ? "tool_calls" : "stop";
}
