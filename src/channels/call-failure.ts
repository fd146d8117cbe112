import { AppError, systemCode } from "../errors.ts";

/** Why a request has no response, and whether anything of it can have arrived. */
export interface CallFailure {
  readonly type: "not-sent" | "unknown";
  readonly reason: string;
}

/** Of a request that ended without a response. Its words never hold the address: a token may stand in it. */
export function toCallFailure(error: unknown): CallFailure {
  if (error instanceof AppError) return { type: "not-sent", reason: error.message };
  const code = systemCode(error) ?? "";
  if (beforeSending.test(code)) return { type: "not-sent", reason: `no connection (${code})` };
  const isLate = error instanceof Error && error.name === "TimeoutError";
  return {
    type: "unknown",
    reason: isLate ? "no answer came in time" : `the connection was lost (${code || "cut"})`,
  };
}

/** Nothing is written before a connection stands and its certificate is proven. */
const beforeSending =
  /^(?:ConnectionRefused|FailedToOpenSocket|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ENOTFOUND|EADDRNOTAVAIL|CERT_.*|UNABLE_.*|ERR_TLS_.*|SELF_SIGNED_.*|DEPTH_.*|ProxyConnection.*|UnsupportedProxyProtocol)$/;
