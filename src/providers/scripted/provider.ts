import {
  noUsage,
  type AssistantMessage,
  type Provider,
  type ProviderError,
  type ProviderEvent,
  type ProviderRequest,
  type StopReason,
  type Usage,
} from "../provider.ts";

/** One answer of a script. With an `error`, what was said before it is still handed out. */
export interface ScriptedAnswer {
  readonly thinking?: string;
  readonly text?: string;
  readonly calls?: readonly ScriptedCall[];
  readonly reason?: StopReason;
  readonly usage?: Usage;
  readonly error?: ProviderError;
}

export interface ScriptedCall {
  readonly name: string;
  /** A text is sent as it is, also when it is no JSON. */
  readonly arguments?: unknown;
  readonly id?: string;
}

/** A list, played once, or a function of the request. */
export type Script =
  | readonly ScriptedAnswer[]
  | ((request: ProviderRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

export interface ScriptedProvider extends Provider {
  /** What was asked, in order. */
  readonly requests: readonly ProviderRequest[];
}

/** Plays answers from a value, in pieces like a real model. */
export function createScriptedProvider(script: Script, name = "scripted"): ScriptedProvider {
  const requests: ProviderRequest[] = [];
  return {
    name,
    requests,
    async *stream(request, signal) {
      if (signal.aborted) {
        yield { type: "aborted", usage: noUsage };
        return;
      }
      requests.push(request);
      const answer = typeof script === "function" ? await script(request) : script[requests.length - 1];
      const usage = answer?.usage ?? noUsage;
      for (const event of toEvents(answer ?? { error: endOfScript }, requests.length)) {
        if (signal.aborted) {
          yield { type: "aborted", usage };
          return;
        }
        yield event;
      }
    },
  };
}

const endOfScript: ProviderError = {
  class: "bad-request",
  message: "The script has no answer left.",
  wasCut: false,
};

function* toEvents(answer: ScriptedAnswer, turn: number): Generator<ProviderEvent> {
  for (const text of toPieces(answer.thinking)) yield { type: "thinking-delta", text };
  for (const text of toPieces(answer.text)) yield { type: "text-delta", text };
  const usage = answer.usage ?? noUsage;
  if (answer.error !== undefined) {
    yield { type: "error", error: answer.error, usage };
    return;
  }
  const message = toMessage(answer, turn);
  const hasCalls = message.content.some((part) => part.type === "tool-call");
  yield { type: "stop", reason: answer.reason ?? (hasCalls ? "tool-calls" : "end"), message, usage };
}

function toMessage(answer: ScriptedAnswer, turn: number): AssistantMessage {
  const { thinking, text, calls = [], reason } = answer;
  const kept = reason === undefined || reason === "tool-calls" ? calls : [];
  return {
    role: "assistant",
    content: [
      ...(thinking === undefined ? [] : [{ type: "thinking", text: thinking } as const]),
      ...(text === undefined ? [] : [{ type: "text", text } as const]),
      ...kept.map((call, index) => toToolCall(call, `call-${turn}-${index + 1}`)),
    ],
  };
}

function toToolCall(call: ScriptedCall, id: string) {
  const given = call.arguments ?? {};
  return {
    type: "tool-call",
    id: call.id ?? id,
    name: call.name,
    arguments: typeof given === "string" ? given : JSON.stringify(given),
  } as const;
}

/** Words with the space behind them. */
function toPieces(text: string | undefined): readonly string[] {
  return text?.match(/\s*\S+\s*/g) ?? (text ? [text] : []);
}
