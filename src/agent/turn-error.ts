import type { ErrorCode } from "../errors.ts";
import type { ProviderError, ProviderErrorClass } from "../providers/provider.ts";
import type { TurnError } from "./events.ts";

const codes = {
  retry: "network",
  auth: "provider-auth",
  quota: "provider-quota",
  "too-long": "too-long",
  refused: "provider-refused",
  "bad-request": "provider-failed",
  budget: "budget",
} as const satisfies Record<ProviderErrorClass, ErrorCode>;

export function toTurnError(error: ProviderError): TurnError {
  const code = codes[error.class];
  const { message, hint, words } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(words === undefined ? {} : { words }),
  };
}
