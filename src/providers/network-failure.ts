import { systemCode } from "../errors.ts";
import type { Saying } from "../words/define-words.ts";
import { connectionWords } from "../words/english/connection.ts";
import type { ProviderError } from "./provider.ts";
import { isLoopback, toHost, type ProviderTarget } from "./target.ts";

/** An `apiBase` like `localhost:1234`, which has a scheme to a parser and none to a person. */
export function toAddressError(target: ProviderTarget): ProviderError | undefined {
  if (/^https?:\/\/./i.test(target.apiBase.trim()) && URL.canParse(target.apiBase.trim())) return undefined;
  return { class: "bad-request", ...connectionWords.notAnAddress({ label: target.label }), wasCut: false };
}

/** Whether a request got no answer because a certificate is not valid at this hour: then the clock may be what is wrong. */
export function isCertificateTime(error: unknown): boolean {
  return expired.has(systemCode(error) ?? "");
}

/** A request that got no answer at all: refused, no such name, no trusted certificate, reset. */
export function toNetworkError(error: unknown, target: ProviderTarget): ProviderError {
  const code = systemCode(error) ?? "";
  const lasting = explainProxy(error, code, target) ?? explainCertificate(code, target);
  if (lasting !== undefined) return { class: "bad-request", ...lasting, wasCut: false };
  return { class: "retry", ...explainConnection(code, target), wasCut: false };
}

const expired: ReadonlySet<string> = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);

/** Nothing was asked of the provider yet when one of these came: it is the proxy that could not be had. */
const proxyAbsent: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "ERR_INVALID_ARG_VALUE",
]);

function explainProxy(error: unknown, code: string, { proxy, apiBase }: ProviderTarget): Saying | undefined {
  if (proxy === undefined) return undefined;
  const facts = { proxy: proxy.host, variable: proxy.variable };
  const host = toHost(apiBase);
  if (proxyAbsent.has(code)) return connectionWords.proxyUnreachable({ ...facts, host });
  if (code !== "ERR_PROXY_TUNNEL") return undefined;
  const status = /\b\d{3}\b/.exec(error instanceof Error ? error.message : "")?.[0] ?? "";
  if (status === "407") return connectionWords.proxyWantsPassword(facts);
  return connectionWords.proxyRefused({ proxy: proxy.host, host, status });
}

function explainCertificate(code: string, { apiBase }: ProviderTarget): Saying | undefined {
  const host = toHost(apiBase);
  if (expired.has(code)) {
    const now = toMinute(Date.now());
    return connectionWords.certificateTime({ host, isExpired: code === "CERT_HAS_EXPIRED", now });
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return connectionWords.wrongHost({ host });
  if (/SELF_SIGNED|ISSUER|VERIFY/.test(code)) return connectionWords.untrusted({ host, code });
  if (code === "EPROTO" || /CERT|SIGNATURE|TLS|SSL/.test(code)) {
    return connectionWords.tlsFailed({ host, code });
  }
  return undefined;
}

function explainConnection(code: string, { apiBase, label }: ProviderTarget): Saying {
  const host = toHost(apiBase);
  if (code === "ECONNREFUSED" && isLoopback(apiBase)) return connectionWords.noLocalServer({ label, host });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return connectionWords.unknownHost({ host });
  return connectionWords.unreachable({ label, host, code });
}

/** `2026-01-31 12:00 UTC`. */
export function toMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
