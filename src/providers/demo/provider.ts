import {
  noUsage,
  type AssistantMessage,
  type Message,
  type Provider,
  type ProviderEvent,
  type ProviderRequest,
  type ToolResultMessage,
} from "../provider.ts";
import { readIntent } from "./intent.ts";

/** A model that needs no network and no key. It says that it is none, and uses the tools that it is offered. */
export function createProvider(): Provider {
  return {
    name: "demo",
    async *stream(request, signal) {
      for (const event of toEvents(request)) {
        if (signal.aborted) {
          yield { type: "aborted", usage: noUsage };
          return;
        }
        yield event;
      }
    },
  };
}

function* toEvents(request: ProviderRequest): Generator<ProviderEvent> {
  const message = answer(request);
  for (const part of message.content) {
    if (part.type !== "text") continue;
    for (const text of part.text.match(/\s*\S+\s*/g) ?? []) yield { type: "text-delta", text };
  }
  const hasCalls = message.content.some((part) => part.type === "tool-call");
  yield { type: "stop", reason: hasCalls ? "tool-calls" : "end", message, usage: noUsage };
}

function answer(request: ProviderRequest): AssistantMessage {
  const { messages } = request;
  const results = messages.slice(messages.findLastIndex((message) => message.role !== "tool") + 1);
  const reports = results.flatMap((message) => (message.role === "tool" ? [toReport(message)] : []));
  if (reports.length > 0) return toSpeech(reports.join("\n\n"));
  const { words, context } = lastWords(messages);
  const intent = readIntent(words, request, /^Shared folder: (\S+)/m.exec(context)?.[1]);
  if (intent.type === "say") return toSpeech(intent.text);
  return {
    role: "assistant",
    content: [
      {
        type: "tool-call",
        id: `demo-${messages.length}`,
        name: intent.tool,
        arguments: JSON.stringify(intent.input),
      },
    ],
  };
}

function toReport(result: ToolResultMessage): string {
  const [, id] = /^Error: Waiting for approval #(\d+)/.exec(result.content) ?? [];
  if (id !== undefined) return `That needs the owner's yes: request #${id} waits for it.`;
  const said = result.content.trim() === "" ? "(nothing)" : result.content.trimEnd();
  return result.isError
    ? `The tool ${result.name} failed:\n${said}`
    : `This is what ${result.name} gave me:\n${said}`;
}

/** What the person said last; what stands behind it in the same message is context. */
function lastWords(messages: readonly Message[]): { readonly words: string; readonly context: string } {
  const last = messages.findLast((message) => message.role === "user");
  const [words, ...context] =
    last?.content.flatMap((part) => (part.type === "text" ? [part.text] : [])) ?? [];
  return { words: words ?? "", context: context.join("\n") };
}

function toSpeech(text: string): AssistantMessage {
  return { role: "assistant", content: [{ type: "text", text }] };
}
