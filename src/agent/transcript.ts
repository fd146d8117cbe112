import type { AssistantMessage, Message, ToolCall, ToolResultMessage } from "../providers/provider.ts";

/** What the model reads when a call was started and its result never came: after a crash, a cancel or a lost row. */
export const interruptedResult =
  "Interrupted: it may or may not have happened. Check before you do it again.";

/**
 * The messages as every provider accepts them: it begins with a user, each tool call has exactly one result, right
 * behind its call and in the order of the calls. Whatever was stored, the result is well formed.
 */
export function toTranscript(stored: readonly Message[]): Message[] {
  const results = collectResults(stored);
  const transcript: Message[] = [];
  for (const message of stored) {
    switch (message.role) {
      case "user":
        if (message.content.some((part) => part.type === "image" || part.text !== ""))
          transcript.push(message);
        break;
      case "assistant":
        if (transcript.length > 0) appendAssistant(transcript, message, results);
        break;
      case "tool":
        break;
      default:
        message satisfies never;
    }
  }
  return transcript;
}

/** Gives every call of one answer an id of its own, where a provider repeated or left out some. */
export function withUniqueCallIds(message: AssistantMessage, taken: Set<string>): AssistantMessage {
  let isChanged = false;
  const content = message.content.map((part) => {
    if (part.type !== "tool-call") return part;
    let id = part.id;
    for (let copy = 2; id === "" || taken.has(id); copy++) id = `${part.id || "call"}_${copy}`;
    taken.add(id);
    if (id === part.id) return part;
    isChanged = true;
    return { ...part, id };
  });
  return isChanged ? { ...message, content } : message;
}

export function toCalls(message: AssistantMessage): ToolCall[] {
  return message.content.filter((part) => part.type === "tool-call");
}

function collectResults(stored: readonly Message[]): Map<string, ToolResultMessage> {
  const results = new Map<string, ToolResultMessage>();
  for (const message of stored) {
    if (message.role === "tool" && !results.has(message.callId)) results.set(message.callId, message);
  }
  return results;
}

function appendAssistant(
  transcript: Message[],
  message: AssistantMessage,
  results: Map<string, ToolResultMessage>,
): void {
  const content = message.content.filter((part) => part.type !== "text" || part.text !== "");
  if (!content.some((part) => part.type !== "thinking")) return;
  transcript.push({ role: "assistant", content });
  for (const call of toCalls(message)) {
    const result = results.get(call.id);
    results.delete(call.id);
    transcript.push(
      result ?? {
        role: "tool",
        callId: call.id,
        name: call.name,
        content: interruptedResult,
        isError: true,
      },
    );
  }
}
