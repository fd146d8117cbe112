import * as v from "valibot";
import type { IncomingMessage } from "../channel.ts";

export type ParsedMessage =
  | { readonly isValid: true; readonly message: IncomingMessage; readonly waitMs: number }
  | { readonly isValid: false; readonly status: number; readonly problem: string };

const longestBody = 1_000_000;
const name = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

function createSchema() {
  return v.strictObject({
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(500_000)),
    chat: v.optional(name(200), "default"),
    id: v.optional(name(200)),
    group: v.optional(name(64)),
    /** Somebody else, for whom the caller speaks: he has only the rights of that person. */
    from: v.optional(v.strictObject({ id: name(200), name: v.optional(name(200)) })),
    isPrivate: v.optional(v.boolean()),
    wait: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(300)), 0),
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
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    return invalid(400, `${path ?? "the body"}: ${issue.message}`);
  }
  const { text: said, chat, id, group, from, isPrivate, wait } = parsed.output;
  const key = id ?? request.headers.get("idempotency-key") ?? crypto.randomUUID();
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

function toSender(from: { id: string; name?: string | undefined } | undefined): IncomingMessage["sender"] {
  // The token is the owner's. What is said for another counts as that other's.
  if (from === undefined) return { id: "owner", isOwner: true };
  return { id: `for:${from.id}`, ...(from.name === undefined ? {} : { name: from.name }) };
}

function invalid(status: number, problem: string): ParsedMessage {
  return { isValid: false, status, problem };
}
