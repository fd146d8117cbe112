import type { CallFailure } from "./call-failure.ts";
import type { SendResult } from "./channel.ts";

/** A call to a platform of which nothing has come. */
export type FailedCall =
  | CallFailure
  /** It said no, and would say it again. */
  | { readonly type: "refused"; readonly reason: string }
  | { readonly type: "wait"; readonly ms: number; readonly reason: string }
  /** The token is none, or is none any more. */
  | { readonly type: "unauthorized"; readonly reason: string };

const unauthorizedWaitMs = 60_000;

/** What it means for a message that was to be sent by it. */
export function toSendResult(failed: FailedCall): SendResult {
  const { reason } = failed;
  switch (failed.type) {
    case "wait":
      return { type: "wait", ms: failed.ms, scope: "chat", reason };
    case "unauthorized":
      return { type: "wait", ms: unauthorizedWaitMs, scope: "account", reason };
    case "refused":
    case "not-sent":
    case "unknown":
      return { type: failed.type, reason };
    default:
      return failed satisfies never;
  }
}
