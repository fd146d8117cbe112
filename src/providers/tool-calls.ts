import type { Message } from "./provider.ts";

/**
 * Ids for the calls of one answer. The model's own is kept, but never twice in one conversation: some servers send none,
 * or count from zero in every answer, and results and the journal find their call by it.
 */
export function createCallIds(messages: readonly Message[]): (wanted: string) => string {
  let taken: Set<string> | undefined;
  return (wanted) => {
    taken ??= idsOf(messages);
    const id =
      wanted !== "" && !taken.has(wanted) ? wanted : `call_${crypto.randomUUID().replaceAll("-", "")}`;
    taken.add(id);
    return id;
  };
}

/**
 * The arguments as an object; empty for text that is none, so that a broken call of the past spoils no request. That holds
 * for one nested so deep that it can be parsed but never be written again, too.
 */
export function toArgumentsObject(text: string): object {
  try {
    if (isNestedBeyondReason(text)) return {};
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** Far more than any schema has, far less than a serializer's stack. */
const deepest = 256;

function isNestedBeyondReason(text: string): boolean {
  if (text.length < 2 * deepest) return false;
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length && depth <= deepest; index++) {
    const character = text[index];
    if (character === '"') isInString = !isInString;
    else if (isInString) index += character === "\\" ? 1 : 0;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
  }
  return depth > deepest;
}

function idsOf(messages: readonly Message[]): Set<string> {
  const calls = messages.flatMap((message) => (message.role === "assistant" ? message.content : []));
  return new Set(calls.flatMap((part) => (part.type === "tool-call" ? [part.id] : [])));
}
