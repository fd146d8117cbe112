import type { Saying } from "../words/define-words.ts";
import { connectionWords } from "../words/english/connection.ts";
import { providerWords } from "../words/english/provider.ts";
import type { ProviderError, ProviderErrorClass } from "./provider.ts";
import type { ProviderTarget } from "./target.ts";

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
  const { status, retryAfterMs } = complaint;
  return {
    ...explain(kind, complaint, target, model),
    class: kind,
    status,
    ...(retryAfterMs === undefined || kind !== "retry" ? {} : { retryAfterMs }),
    wasCut: false,
  };
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
  complaint: Complaint,
  target: ProviderTarget,
  model: string,
): Saying {
  const { label, keyUrl, proxy } = target;
  const { status, retryAfterMs } = complaint;
  const answered = { label, status, said: toSaying(complaint.message, target) };
  switch (kind) {
    case "auth":
      if (target.apiKey === undefined) return providerWords.wantsKey({ ...answered, keyUrl });
      // Some refuse a wrong key with 403 too, but then they say so.
      return status === 403 && !keyWords.test(`${complaint.code} ${complaint.message}`)
        ? providerWords.forbidden({ ...answered, model })
        : providerWords.keyRefused({ ...answered, keyUrl });
    case "quota":
    case "budget":
      return providerWords.quota(answered);
    case "too-long":
      return providerWords.tooLong({ ...answered, model });
    case "refused":
      return providerWords.refused(answered);
    case "retry":
      if (status === 429) {
        const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
        return providerWords.slowDown({ ...answered, seconds });
      }
      return status === 529 || /overload|capacity|too busy/i.test(answered.said)
        ? providerWords.overloaded(answered)
        : providerWords.broken(answered);
    case "bad-request":
      if (status === 407 && proxy !== undefined) {
        return connectionWords.proxyWantsPassword({ proxy: proxy.host, variable: proxy.variable });
      }
      if (status === 404) return providerWords.unknownModel({ ...answered, model });
      if (status >= 300 && status < 400) return providerWords.elsewhere(answered);
      return providerWords.notUnderstood(answered);
    default:
      return kind satisfies never;
  }
}

function toMilliseconds(text: string | null, unitMs: number): number | undefined {
  if (text === null || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined;
  return Math.ceil(Number(text) * unitMs);
}
