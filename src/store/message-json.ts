import { AppError } from "../errors.ts";
import type { Message } from "../providers/provider.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Reads a stored message back. `place` names it in the `AppError("store")` when it is not one. */
export function parseMessage(json: string, place: string): Message {
  const value = parseJson(json);
  if (isMessage(value)) return value;
  throw new AppError("store", `The stored conversation can't be read (${place}).`, {
    hint: "Begin a new one with /new; the old one stays in the database.",
  });
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is Message {
  if (!isFields(value)) return false;
  switch (value["role"]) {
    case "user":
      return isListOf(value["content"], isTextPart);
    case "assistant":
      return isListOf(value["content"], isAssistantPart);
    case "tool":
      return hasText(value, "callId", "name", "content") && typeof value["isError"] === "boolean";
    default:
      return false;
  }
}

function isAssistantPart(part: Fields): boolean {
  switch (part["type"]) {
    case "thinking":
      return hasText(part, "text") && (part["signature"] === undefined || hasText(part, "signature"));
    case "tool-call":
      return hasText(part, "id", "name", "arguments");
    default:
      return isTextPart(part);
  }
}

function isTextPart(part: Fields): boolean {
  return part["type"] === "text" && hasText(part, "text");
}

function hasText(value: Fields, ...fields: readonly string[]): boolean {
  return fields.every((field) => typeof value[field] === "string");
}

function isListOf(value: unknown, isPart: (part: Fields) => boolean): boolean {
  return Array.isArray(value) && value.every((part: unknown) => isFields(part) && isPart(part));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
