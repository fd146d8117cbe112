import { AppError, explain, systemCode } from "../../errors.ts";
import { toComplaint, toStreamComplaint } from "../complaint.ts";
import { connectionWords } from "../../words/english/connection.ts";
import { pluginWords } from "../../words/english/plugin.ts";
import { type Complaint, toProviderError, toRetryAfterMs, toSaying } from "../failure.ts";
import { toNetworkError } from "../network-failure.ts";
import { toLoose, toText } from "../loose.ts";
import type { ProviderError } from "../provider.ts";
import type { ProviderTarget } from "../target.ts";

/** The fields of the errors that the packages throw. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly statusCode: number;
  readonly responseBody: string;
  readonly responseHeaders: object;
  readonly isRetryable: boolean;
  readonly cause: object;
}

/** What a server said, if it is the server that speaks in this error. */
export function toSdkComplaint(error: unknown): Complaint | undefined {
  const { statusCode, responseBody, responseHeaders, message } = toLoose<SdkError>(error) ?? {};
  if (typeof statusCode === "number" && statusCode < 300) return undefined;
  if (typeof statusCode !== "number") {
    return error instanceof Error || typeof error !== "object" ? undefined : toStreamComplaint(error);
  }
  const said = toComplaint(statusCode, toText(responseBody));
  const complaint = said.message === "" ? { ...said, message: toText(message) } : said;
  const headers = new Headers(
    Object.entries(responseHeaders ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
  const retryAfterMs = toRetryAfterMs(headers, complaint.message, Date.now());
  return retryAfterMs === undefined ? complaint : { ...complaint, retryAfterMs };
}

/** Makes words for a person of what a package threw or put into its stream. */
export function toSdkFailure(error: unknown, target: ProviderTarget, model: string): ProviderError {
  if (error instanceof AppError) return { class: "bad-request", ...explain(error), wasCut: false };
  const complaint = toSdkComplaint(error);
  if (complaint !== undefined) return toProviderError(complaint, target, model);
  const { name, message, cause, isRetryable, statusCode } = toLoose<SdkError>(error) ?? {};
  const kind = toText(name);
  // With a status, the answer had begun well.
  if (
    isRetryable === true ||
    typeof statusCode === "number" ||
    systemCode(cause) !== undefined ||
    systemCode(error) !== undefined
  ) {
    return toNetworkError(systemCode(error) === undefined ? cause : error, target);
  }
  const said = toSaying(toText(message) || toText(error), target);
  if (kind === "AI_LoadAPIKeyError" || kind === "AI_LoadSettingError") {
    const facts = { label: target.label, provider: target.name, said };
    return { class: "auth", ...pluginWords.wantsSetting(facts), wasCut: false };
  }
  if (
    kind === "AI_JSONParseError" ||
    kind === "AI_TypeValidationError" ||
    kind === "AI_InvalidResponseDataError"
  ) {
    const unreadable = connectionWords.unreadable({ label: target.label, reason: said });
    return { class: "retry", ...unreadable, wasCut: false };
  }
  return { class: "bad-request", ...pluginWords.notAsked({ label: target.label, said }), wasCut: false };
}
