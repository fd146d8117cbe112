import { parseOkBody } from "../parse-ok-body.ts";
import type { FailedCall } from "../to-send-result.ts";

/** What became of a call to the Bot API. */
export type ApiAnswer =
  | { readonly type: "ok"; readonly result: unknown }
  | Exclude<FailedCall, { type: "refused" }>
  | { readonly type: "refused"; readonly reason: string; readonly movedTo?: string }
  /** Somebody else reads what is written to the bot. */
  | { readonly type: "conflict"; readonly reason: string };

const usualWaitMs = 5000;

/** Of the body of a response, whatever its status. */
export function toAnswer(status: number, body: string): ApiAnswer {
  const answer = parseOkBody(body);
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

function toFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
