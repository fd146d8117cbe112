import { systemCode } from "../errors.ts";
import { toText } from "./loose.ts";
import type { ProviderError, ProviderErrorClass } from "./provider.ts";
import { isLoopback, toHost, type ProviderTarget } from "./target.ts";

/** What a server said of a failure, with its status, or the status that its words amount to. */
export interface Complaint {
  readonly status: number;
  readonly message: string;
  /** `type` and `code` of the error, as one text to look in. */
  readonly code: string;
  readonly retryAfterMs?: number;
}

/** Makes words for a person of what a server said. `model` is the one that was asked for. */
export function toProviderError(complaint: Complaint, target: ProviderTarget, model: string): ProviderError {
  const kind = classify(complaint);
  const said = toSaying(complaint.message, target);
  const { status, retryAfterMs } = complaint;
  return {
    ...explain(kind, status, said, target, model),
    class: kind,
    status,
    ...(retryAfterMs === undefined || kind !== "retry" ? {} : { retryAfterMs }),
    wasCut: false,
  };
}

/** An `apiBase` like `localhost:1234`, which has a scheme to a parser and none to a person. */
export function toAddressError(target: ProviderTarget): ProviderError | undefined {
  if (/^https?:\/\/./i.test(target.apiBase.trim()) && URL.canParse(target.apiBase.trim())) return undefined;
  return {
    class: "bad-request",
    message: `The address of ${target.label} is not a URL.`,
    hint: "Its apiBase has to begin with https:// or http://.",
    wasCut: false,
  };
}

/** A request that got no answer at all: refused, no such name, no trusted certificate, reset. */
export function toNetworkError(error: unknown, target: ProviderTarget): ProviderError {
  const host = toHost(target.apiBase);
  const code = systemCode(error) ?? "";
  const failed = { class: "retry", wasCut: false } as const;
  if (code === "ECONNREFUSED" && isLoopback(target.apiBase)) {
    return {
      ...failed,
      message: `Nothing answers at ${host}.`,
      hint: `${target.label} is expected there: is it running?`,
    };
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      ...failed,
      message: `The name of ${host} could not be looked up.`,
      hint: "Is this machine online?",
    };
  }
  if (code === "EPROTO" || /CERT|ISSUER|SIGNATURE|TLS|SSL/.test(code)) {
    return {
      ...failed,
      message: `The secure connection to ${host} failed (${code}).`,
      hint: "Something on the way may be replacing its certificate, or apiBase should begin with http.",
    };
  }
  const reason = code === "" ? "the connection failed" : code;
  return { ...failed, message: `${target.label} could not be reached at ${host} (${reason}).` };
}

/**
 * Milliseconds that the server asks to wait: `retry-after-ms`, `retry-after` in seconds or as a date, or, as Gemini and
 * OpenAI write it, in the text.
 */
export function toRetryAfterMs(headers: Headers, said: string, now: number): number | undefined {
  const exact = toMilliseconds(headers.get("retry-after-ms"), 1);
  if (exact !== undefined) return exact;
  const header = headers.get("retry-after");
  const seconds = toMilliseconds(header, 1000);
  if (seconds !== undefined) return seconds;
  const date = header === null ? Number.NaN : Date.parse(header);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const spoken = /(?:retry|try again) in (\d+(?:\.\d+)?) ?(ms|s)/i.exec(said);
  return spoken === null ? undefined : toMilliseconds(spoken[1] ?? null, spoken[2] === "ms" ? 1 : 1000);
}

/** One line of bounded length without control characters, queries of addresses, or anything that looks like a key. */
export function toSaying(message: string, target: ProviderTarget): string {
  let text = message;
  const secrets = [target.apiKey, ...Object.values(target.extraHeaders ?? {})];
  for (const secret of secrets) {
    const value = secret?.open().trim() ?? "";
    if (value.length >= shortestSecret) text = text.replaceAll(value, "[secret]");
  }
  return text
    .replace(/(https?:\/\/)[^\s/@]*@/g, "$1")
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/g, "$1")
    .replace(/\b(?:sk|pk|gsk|vck)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}/g, "[secret]")
    .replace(/\bBearer\s+\S+/gi, "Bearer [secret]")
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, longestSaying);
}

const shortestSecret = 6;
const longestSaying = 300;

const spendingWords =
  /insufficient_quota|enforced_spend_limit|spend(ing)?[ _]limit|billing|credit balance|out of credits|insufficient (balance|credits?|funds)|exceeded your current quota|payment required/i;
const lengthWords =
  /context[ _](length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens|maximum (prompt|input) length|exceeds? the (available|maximum) (context|number of tokens)|reduce the length|request_too_large/i;
const refusalWords =
  /content[ _](filter|policy)|content_policy_violation|ResponsibleAIPolicy|data_inspection_failed|flagged|moderation/i;
const keyWords = /api[ _]key (not valid|is invalid|expired)|invalid[ _]api[ _]key|API_KEY_INVALID/i;

function classify({ status, message, code, retryAfterMs }: Complaint): ProviderErrorClass {
  const text = `${code} ${message}`;
  if (status === 402) return "quota";
  if (status === 429) {
    if (/insufficient_quota|enforced_spend_limit/i.test(text)) return "quota";
    // Gemini speaks of quota and billing for its limit per minute too, but then it says when to come back.
    return retryAfterMs === undefined && spendingWords.test(text) ? "quota" : "retry";
  }
  if (status === 413) return "too-long";
  if (status === 408 || status === 409 || status === 425 || status >= 500) return "retry";
  if (lengthWords.test(text)) return "too-long";
  if (status !== 401 && refusalWords.test(text)) return "refused";
  if (status !== 401 && spendingWords.test(text)) return "quota";
  if (status === 401 || status === 403 || keyWords.test(text)) return "auth";
  return "bad-request";
}

function explain(
  kind: ProviderErrorClass,
  status: number,
  said: string,
  target: ProviderTarget,
  model: string,
): { readonly message: string; readonly hint?: string } {
  const { label, keyUrl } = target;
  const because = toText(said) === "" ? ` (${status}).` : ` (${status}): ${said}`;
  switch (kind) {
    case "auth": {
      const source = keyUrl === undefined ? "" : ` Keys are made at ${keyUrl}.`;
      return target.apiKey === undefined
        ? { message: `${label} wants a key${because}`, hint: `Give it one with /login.${source}` }
        : { message: `${label} did not accept the key${because}`, hint: `Set another with /login.${source}` };
    }
    case "quota":
      return {
        message: `${label} stopped at a limit of credit or spending${because}`,
        hint: `Raise it in your account at ${label}, or choose another model with /model.`,
      };
    case "too-long":
      return {
        message: `The conversation is too long for ${model}${because}`,
        hint: "Begin a new one with /new.",
      };
    case "refused":
      return { message: `${label} declined to answer this${because}` };
    case "retry":
      return { message: `${label} ${status === 429 ? "asks to slow down" : "has a problem"}${because}` };
    case "bad-request":
      if (status === 404) {
        return {
          message: `${label} does not know the model ${model}${because}`,
          hint: "Choose another with /model, or check apiBase.",
        };
      }
      if (status >= 300 && status < 400) {
        return {
          message: `${label} sends us elsewhere (${status}); the key is not sent after it.`,
          hint: "Put the final address into apiBase.",
        };
      }
      return { message: `${label} did not understand the request${because}` };
    default:
      return kind satisfies never;
  }
}

function toMilliseconds(text: string | null, unitMs: number): number | undefined {
  if (text === null || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Math.ceil(Number(text) * unitMs);
}
