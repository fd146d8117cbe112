import { AppError } from "../errors.ts";
import type { Message } from "../providers/provider.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A stored message, read back. `place` names it in the `AppError("store")` when it is not one. */
export function checkMessage(value: unknown, place: string): Message {
  if (isMessage(value)) return value;
  throw new AppError("store", `The stored conversation can't be read (${place}).`, {
    hint: "Begin a new one with /new; the old one stays in the database.",
  });
}

function isMessage(value: unknown): value is Message {
  if (!isFields(value)) return false;
  switch (value["role"]) {
    case "user":
      return isListOf(value["content"], (part) => isTextPart(part) || isImagePart(part));
    case "assistant":
      return isListOf(value["content"], isAssistantPart);
    case "tool":
      return (
        hasText(value, "callId", "name", "content") &&
        typeof value["isError"] === "boolean" &&
        (value["boundary"] === undefined || hasText(value, "boundary")) &&
        (value["images"] === undefined || isListOf(value["images"], isImagePart))
      );
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

function isImagePart(part: Fields): boolean {
  return part["type"] === "image" && hasText(part, "mediaType", "data");
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
