import * as v from "valibot";
import type { IncomingMessage } from "../channel.ts";

export type ParsedMessage =
  | { readonly isValid: true; readonly message: IncomingMessage; readonly waitMs: number }
  | { readonly isValid: false; readonly status: number; readonly problem: string };

const longestBody = 1_000_000;
const longestWait = 300;
const longestId = 200;
const name = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

function createSchema() {
  return v.strictObject({
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(500_000)),
    chat: v.optional(name(200), "default"),
    id: v.optional(name(longestId)),
    group: v.optional(name(64)),
    /** Somebody else, for whom the caller speaks: he has only the rights of that person. */
    from: v.optional(v.strictObject({ id: name(200), name: v.optional(name(200)) })),
    isPrivate: v.optional(v.boolean()),
    wait: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(longestWait)), 0),
  });
}

let schema: ReturnType<typeof createSchema> | undefined;

/** A body as documented, with the header `Idempotency-Key` for `id`. */
export async function parseMessage(request: Request): Promise<ParsedMessage> {
  const text = await request.text();
  if (text.length > longestBody) return invalid(413, "the message is larger than 1 MB");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return invalid(400, "the body is not JSON");
  }
  const parsed = v.safeParse((schema ??= createSchema()), body);
  if (!parsed.success) {
    return invalid(400, describeIssue(parsed.issues[0]));
  }
  const { text: said, chat, id, group, from, isPrivate, wait } = parsed.output;
  const header = request.headers.get("idempotency-key") ?? "";
  if (header.length > longestId)
    return invalid(400, `Idempotency-Key is longer than ${longestId} characters`);
  const key = id ?? (header === "" ? crypto.randomUUID() : header);
  return {
    isValid: true,
    waitMs: wait * 1000,
    message: {
      chat,
      id: key,
      sender: toSender(from),
      text: said,
      isPrivate: isPrivate ?? from === undefined,
      ...(group === undefined ? {} : { group }),
    },
  };
}

/** What is wrong with which part, as a person would say it. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  const { type, expected, received, requirement } = issue;
  const part = v.getDotPath(issue) ?? "the body";
  switch (type) {
    case "strict_object":
      if (expected === "never") return `${part} is not known here`;
      if (received === "undefined") return `${part} is missing`;
      return `${part} must be a JSON object${part === "from" ? ': {"id": "17", "name": "Ben"}' : ""}`;
    case "min_length":
      return `${part} is empty`;
    case "max_length":
      return `${part} is longer than ${String(requirement)} characters`;
    case "min_value":
    case "max_value":
      return `${part} must be a number of seconds from 0 to ${longestWait}`;
    default:
      return `${part} must be a ${type === "string" ? "text" : type}`;
  }
}

function toSender(from: { id: string; name?: string | undefined } | undefined): IncomingMessage["sender"] {
  // The token is the owner's. What is said for another counts as that other's.
  if (from === undefined) return { id: "owner", isOwner: true };
  return { id: `for:${from.id}`, ...(from.name === undefined ? {} : { name: from.name }) };
}

function invalid(status: number, problem: string): ParsedMessage {
  return { isValid: false, status, problem };
}
