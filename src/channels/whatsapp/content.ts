import type { MessageContent } from "./wire.ts";

/** A field of a message, however it was made: an object, or an empty one. */
export function part(content: unknown, name: string): MessageContent | undefined {
  const value = field(content, name);
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

export function words(content: unknown, name: string): string {
  const value = field(content, name);
  return typeof value === "string" ? value : "";
}

export function number(content: unknown, name: string): number | undefined {
  const value = field(content, name);
  // A large number comes as its digits.
  const read = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof read === "number" && Number.isFinite(read) ? read : undefined;
}

export function list(content: unknown, name: string): readonly unknown[] {
  const value = field(content, name);
  return Array.isArray(value) ? value : [];
}

function field(content: unknown, name: string): unknown {
  if (typeof content !== "object" || content === null) return undefined;
  return Object.getOwnPropertyDescriptor(content, name)?.value;
}

const wrappers = [
  "ephemeralMessage",
  "viewOnceMessage",
  "viewOnceMessageV2",
  "viewOnceMessageV2Extension",
  "documentWithCaptionMessage",
  "editedMessage",
  "deviceSentMessage",
  "groupMentionedMessage",
  "botInvokeMessage",
];

/** What a message says, out of what it is wrapped in: it may vanish, be seen once, or carry a caption. */
export function unwrap(content: MessageContent): MessageContent {
  let inner = content;
  for (let depth = 0; depth < 8; depth++) {
    const wrapper = wrappers.map((name) => part(inner, name)).find((each) => each !== undefined);
    const next = wrapper === undefined ? undefined : part(wrapper, "message");
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}
