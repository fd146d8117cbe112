import type { ChatCompletionChunk } from "openai/resources/chat/completions/completions";
import { toLoose, toText } from "../loose.ts";

/** A call as it grows. */
export interface GrowingCall {
  readonly index: unknown;
  id: string;
  name: string;
  arguments: string;
  /** What came beside the call and must go back with it. */
  extra: unknown;
}

type Delta = ChatCompletionChunk.Choice.Delta.ToolCall & { extra_content: object };

/**
 * Adds one element of `tool_calls` to the calls. The standard is an `index` in each and an `id` in the first; servers
 * leave out the index (Ollama), give every call index 0 (Gemini), repeat the name, send no id, or arguments as an object.
 */
export function addToolDelta(calls: GrowingCall[], value: unknown): void {
  const delta = toLoose<Delta>(value);
  if (delta === undefined) return;
  const id = toText(delta.id);
  const name = toText(delta.function?.name);
  const text = toArguments(delta.function?.arguments);
  const call = findCall(calls, delta.index, id, name, text) ?? addCall(calls, delta.index);
  call.id ||= id;
  call.name ||= name;
  call.arguments += text;
  call.extra ??= delta.extra_content;
}

function findCall(
  calls: readonly GrowingCall[],
  index: unknown,
  id: string,
  name: string,
  text: string,
): GrowingCall | undefined {
  const candidate =
    typeof index === "number"
      ? calls.findLast((call) => call.index === index)
      : id === ""
        ? calls.at(-1)
        : calls.find((call) => call.id === id);
  if (candidate === undefined) return undefined;
  if (id !== "" && candidate.id !== "" && id !== candidate.id) return undefined;
  if (id !== "" && id === candidate.id) return candidate;
  // A name begins a call, unless it only repeats the one of a call whose arguments are still to come.
  if (name !== "" && candidate.name !== "" && beginsAnother(candidate, index, text)) return undefined;
  return candidate;
}

function beginsAnother(candidate: GrowingCall, index: unknown, text: string): boolean {
  if (candidate.arguments !== "" && !isJson(candidate.arguments)) return false;
  return typeof index !== "number" || (candidate.arguments !== "" && text.trimStart().startsWith("{"));
}

function addCall(calls: GrowingCall[], index: unknown): GrowingCall {
  const call = { index, id: "", name: "", arguments: "", extra: undefined };
  calls.push(call);
  return call;
}

function toArguments(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : toText(value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
