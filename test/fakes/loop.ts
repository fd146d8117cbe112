import type { AgentEvent } from "../../src/agent/events.ts";
import type { ToolOutcome, ToolRunner } from "../../src/tools/tool-runner.ts";
import {
  noUsage,
  type Provider,
  type ProviderEvent,
  type ProviderRequest,
  type ToolCall,
} from "../../src/providers/provider.ts";

export type Answer = readonly ProviderEvent[] | ((request: ProviderRequest) => readonly ProviderEvent[]);

/** A provider that plays answers in order, the last one for ever, and keeps what it was asked. */
export function createAnsweringProvider(
  answers: readonly Answer[],
): Provider & { readonly requests: ProviderRequest[] } {
  const requests: ProviderRequest[] = [];
  return {
    name: "answering",
    requests,
    async *stream(request, signal) {
      requests.push({ ...request, messages: [...request.messages] });
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? [];
      for (const event of typeof answer === "function" ? answer(request) : answer) {
        if (signal.aborted) {
          yield { type: "aborted", usage: noUsage };
          return;
        }
        yield event;
      }
    },
  };
}

export function saying(text: string): readonly ProviderEvent[] {
  return [
    { type: "text-delta", text },
    {
      type: "stop",
      reason: "end",
      message: { role: "assistant", content: [{ type: "text", text }] },
      usage: tenTokens,
    },
  ];
}

export function calling(...calls: readonly Omit<ToolCall, "type">[]): readonly ProviderEvent[] {
  const content = calls.map((call) => ({ type: "tool-call", ...call }) as const);
  return [{ type: "stop", reason: "tool-calls", message: { role: "assistant", content }, usage: tenTokens }];
}

export const tenTokens = { ...noUsage, inputTokens: 6, outputTokens: 4 };

/** Tools as one function of the call. */
export function createToolRunner(
  run: (call: ToolCall, signal: AbortSignal) => Promise<string | ToolOutcome> | string | ToolOutcome,
): ToolRunner {
  return {
    definitions: [{ name: "work", description: "works", input: { type: "object" } }],
    title: (call) => `${call.name} ${call.arguments}`,
    async run(call, _progress, signal) {
      const outcome = await run(call, signal);
      return typeof outcome === "string" ? { content: outcome, isError: false, details: {} } : outcome;
    },
  };
}

/** Keeps every event; `types` is the story in one glance. */
export class EventLog {
  readonly events: AgentEvent[] = [];
  readonly emit = (event: AgentEvent): void => {
    this.events.push(event);
  };

  get types(): string[] {
    return this.events.map((event) => event.type);
  }

  of<Type extends AgentEvent["type"]>(type: Type): Extract<AgentEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);
  }
}
