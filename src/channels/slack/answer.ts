import { parseOkBody } from "../parse-ok-body.ts";
import type { FailedCall } from "../to-send-result.ts";

/** What became of a call to the Web API. */
export type ApiAnswer =
  | { readonly type: "ok"; readonly result: Readonly<Record<string, unknown>> }
  /** Of a refusal the reason is Slack's word for it: `channel_not_found`. */
  | FailedCall;

const usualWaitMs = 5000;

/** Of a whole response, whatever its status. */
export function toAnswer(status: number, retryAfter: string | null, body: string): ApiAnswer {
  if (status === 429) return { type: "wait", ms: toWait(retryAfter), reason: "Slack asked to wait" };
  const answer = parseOkBody(body);
  if (answer === undefined) return toHttpFailure(status);
  if (answer["ok"] === true) return { type: "ok", result: answer };
  const { error } = answer;
  const reason = typeof error === "string" && error !== "" ? error : `HTTP ${status}`;
  if (waits.test(reason)) return { type: "wait", ms: toWait(retryAfter), reason: "Slack asked to wait" };
  if (unauthorized.test(reason)) return { type: "unauthorized", reason };
  // By Slack's own words something of it may have been done before the error came.
  if (doubtful.test(reason)) return { type: "unknown", reason };
  if (transient.test(reason) || status === 503) return { type: "not-sent", reason };
  return status >= 500 ? { type: "unknown", reason } : { type: "refused", reason };
}

const waits = /^rate_?limited$/;
const unauthorized =
  /^(?:invalid_auth|not_authed|token_revoked|token_expired|account_inactive|not_allowed_token_type|user_removed_from_team|team_disabled|org_login_required|team_access_not_granted)$/;
const doubtful = /^(?:internal_error|fatal_error)$/;
const transient = /^(?:service_unavailable|request_timeout|team_added_to_org|ekm_access_denied)$/;

/** A proxy or a server on the way spoke. Only of one that takes nothing in is it known that nothing was done. */
function toHttpFailure(status: number): ApiAnswer {
  if (status < 300) return { type: "unknown", reason: "the answer was cut off" };
  const reason = `the server answered with HTTP ${status}`;
  const isDoubtful = status >= 500 && status !== 503;
  return { type: isDoubtful ? "unknown" : "not-sent", reason };
}

function toWait(retryAfter: string | null): number {
  const seconds = Number(retryAfter);
  return retryAfter !== null && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : usualWaitMs;
}
