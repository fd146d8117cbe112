import type { SendResult } from "../channel.ts";
import { toFields, toList } from "./fields.ts";

/** What became of a call to Discord's API. */
export type RestAnswer =
  | { readonly type: "ok"; readonly result: unknown }
  /** Discord said no, and would say it again. */
  | {
      readonly type: "refused";
      readonly reason: string;
      readonly status: number;
      /** Discord's own number for it. */
      readonly code: number;
    }
  | {
      readonly type: "wait";
      readonly ms: number;
      readonly scope: "chat" | "account";
      readonly reason: string;
    }
  /** The token is none, or is none any more. */
  | { readonly type: "unauthorized"; readonly reason: string }
  /** Nothing has come of it: it may be tried again. */
  | { readonly type: "not-sent"; readonly reason: string }
  | { readonly type: "unknown"; readonly reason: string };

const usualWaitMs = 5000;

/** Of a response and its body, whatever its status. */
export function toAnswer(status: number, headers: Headers, body: string): RestAnswer {
  if (status === 204) return { type: "ok", result: undefined };
  const answer = parseBody(body);
  if (status < 300) {
    return answer === undefined
      ? { type: "unknown", reason: "the answer was cut off" }
      : { type: "ok", result: answer };
  }
  const fields = toFields(answer);
  const message = typeof fields["message"] === "string" ? fields["message"] : `HTTP ${status}`;
  if (status === 429) return toWait(fields, headers, message);
  if (status === 401) return { type: "unauthorized", reason: message };
  // An overloaded door has let nothing in; behind the others it may have been done.
  if (status === 503) return { type: "not-sent", reason: message };
  if (status >= 500) return { type: "unknown", reason: message };
  if (answer === undefined) {
    // Something on the way: it says nothing of what Discord did.
    return status === 413
      ? { type: "refused", reason: "it is larger than Discord takes", status, code: 40_005 }
      : { type: "not-sent", reason: `the server answered with HTTP ${status}` };
  }
  const code = typeof fields["code"] === "number" ? fields["code"] : 0;
  const detail = findDetail(fields["errors"]);
  const reason = detail === undefined ? message : `${message}: ${detail}`;
  return { type: "refused", reason, status, code };
}

export function toSendResult(answer: Exclude<RestAnswer, { type: "ok" }>): SendResult {
  switch (answer.type) {
    case "unauthorized":
      // No time is named: with a new token it goes at once.
      return { type: "not-sent", reason: answer.reason };
    case "refused":
      return { type: "refused", reason: answer.reason };
    case "wait":
    case "not-sent":
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}

/** Whose limit it was Discord says itself; who is not even told by Discord has called too often from this address. */
function toWait(fields: Fields, headers: Headers, reason: string): RestAnswer {
  const seconds = Number(fields["retry_after"] ?? headers.get("retry-after") ?? Number.NaN);
  const isOwn = fields["global"] === false && headers.get("x-ratelimit-scope") !== "global";
  return {
    type: "wait",
    ms: Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : usualWaitMs,
    scope: isOwn ? "chat" : "account",
    reason,
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** The first of what is wrong with a form, in Discord's words. */
function findDetail(errors: unknown): string | undefined {
  if (typeof errors !== "object" || errors === null) return undefined;
  if ("_errors" in errors && Array.isArray(errors._errors)) {
    const { message } = toFields(toList(errors._errors)[0]);
    return typeof message === "string" ? message : undefined;
  }
  for (const inner of Object.values(errors)) {
    const found = findDetail(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
