import { readText } from "./answer-body.ts";
import { toComplaint } from "./complaint.ts";
import { loginWords } from "../words/english/login.ts";
import { toProviderError } from "./failure.ts";
import { isCertificateTime, toAddressError, toNetworkError } from "./network-failure.ts";
import { toList, toLoose, toText } from "./loose.ts";
import type { ProviderError } from "./provider.ts";
import { toRequestHeaders, type WireTarget } from "./registry.ts";
import { toEndpoint } from "./target.ts";

export type KeyCheck =
  /** Accepted. `models` is empty where the server does not list them. */
  | { readonly type: "ok"; readonly models: readonly string[] }
  | { readonly type: "refused"; readonly error: ProviderError }
  /** Nothing is known about the key. */
  | { readonly type: "unreachable"; readonly error: ProviderError };

const timeoutMs = 10_000;
const longestList = 8 * 1024 * 1024;

/** Asks the provider for something that costs nothing but needs the key. Throws only `signal.reason`. */
export async function checkKey(target: WireTarget, signal: AbortSignal): Promise<KeyCheck> {
  const path = target.keyCheckPath ?? (target.wire === "anthropic" ? "/v1/models" : "/models");
  const headers = await toRequestHeaders(target).catch(() => undefined);
  if (headers === undefined) {
    return { type: "refused", error: { class: "auth", ...loginWords.unsendable(), wasCut: false } };
  }
  const misaddressed = toAddressError(target);
  if (misaddressed !== undefined) return { type: "unreachable", error: misaddressed };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let response: Response;
  let body: string;
  try {
    response = await fetch(toEndpoint(target.apiBase, path), { headers, signal: limit, redirect: "manual" });
    body = await readText(response, longestList);
  } catch (error) {
    signal.throwIfAborted();
    if (!isCertificateTime(error)) return { type: "unreachable", error: toNetworkError(error, target) };
    const { toCertificateError } = await import("./server-clock.ts");
    return { type: "unreachable", error: await toCertificateError(error, target, signal) };
  }
  signal.throwIfAborted();
  if (response.ok) return { type: "ok", models: toModelNames(body) };
  const error = toProviderError(toComplaint(response.status, body), target, "");
  const isAnswer = error.class === "auth" || error.class === "quota";
  return { type: isAnswer ? "refused" : "unreachable", error };
}

/** The ids in an answer of `/models`, which both wires write alike. */
export function toModelNames(body: string): string[] {
  try {
    const list = toList(toLoose<{ data: unknown[] }>(JSON.parse(body))?.data);
    return list.map((model) => toText(toLoose<{ id: string }>(model)?.id)).filter((id) => id !== "");
  } catch {
    return [];
  }
}
