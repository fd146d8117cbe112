import type { SendResult } from "../channel.ts";

/** What became of a call to the Bot API. */
export type ApiAnswer =
  | { readonly type: "ok"; readonly result: unknown }
  /** Telegram said no, and would say it again. */
  | { readonly type: "refused"; readonly reason: string; readonly movedTo?: string }
  | { readonly type: "wait"; readonly ms: number; readonly reason: string }
  /** The token is none, or is none any more. */
  | { readonly type: "unauthorized"; readonly reason: string }
  /** Somebody else reads what is written to the bot. */
  | { readonly type: "conflict"; readonly reason: string }
  /** Nothing has come of it: it may be tried again. */
  | { readonly type: "not-sent"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string };

const usualWaitMs = 5000;
const unauthorizedWaitMs = 60_000;

/** Of the body of a response, whatever its status. */
export function toAnswer(status: number, body: string): ApiAnswer {
  const answer = parseBody(body);
  if (answer === undefined) {
    // A proxy or a server on the way: it says nothing of what Telegram did, unless it is a success cut short.
    return status < 300
      ? { type: "unknown", reason: "the answer was cut off" }
      : { type: "not-sent", reason: `the server answered with HTTP ${status}` };
  }
  if (answer["ok"] === true) return { type: "ok", result: answer["result"] };
  const reason = typeof answer["description"] === "string" ? answer["description"] : `HTTP ${status}`;
  const parameters = toFields(answer["parameters"]);
  const code = typeof answer["error_code"] === "number" ? answer["error_code"] : status;
  switch (code) {
    case 429: {
      const seconds = parameters["retry_after"];
      return { type: "wait", ms: typeof seconds === "number" ? seconds * 1000 : usualWaitMs, reason };
    }
    case 401:
    case 404:
      return { type: "unauthorized", reason };
    case 409:
      return { type: "conflict", reason };
    default: {
      if (code >= 500) return { type: "not-sent", reason };
      const movedTo = parameters["migrate_to_chat_id"];
      return {
        type: "refused",
        reason,
        ...(typeof movedTo === "number" ? { movedTo: String(movedTo) } : {}),
      };
    }
  }
}

export function toSendResult(answer: Exclude<ApiAnswer, { type: "ok" }>): SendResult {
  switch (answer.type) {
    case "wait":
      return { type: "wait", ms: answer.ms, scope: "chat", reason: answer.reason };
    case "unauthorized":
      return { type: "wait", ms: unauthorizedWaitMs, scope: "account", reason: answer.reason };
    case "conflict":
      return { type: "not-sent", reason: answer.reason };
    case "refused":
      return { type: "refused", reason: answer.reason };
    case "not-sent":
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}

function parseBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "ok" in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
